-- Why a request was refused, with the teams whose matter it is.
-- params: org_id uuid, request_id text
-- returns: request_id text, environment text, gateway_name text, occurred_at timestamptz, status int2, code text, method text, host text, path text, api text, version text, operation text, application text, credential text, plan text, limit_name text, detail text, generation int8, entitlement_sequence int8, specification text, api_team_id uuid, application_team_id uuid
-- uses index: request_is_explained_once
SELECT d.request_id, e.slug AS environment, d.gateway_name, d.occurred_at, d.status, d.code, d.method, d.host, d.path, d.api,
    d.version, d.operation, d.application, d.credential, d.plan, d.limit_name, d.detail, d.generation,
    d.entitlement_sequence, d.specification::text AS specification, a.team_id AS api_team_id,
    p.team_id AS application_team_id
FROM request_denial d
JOIN environment e ON e.id = d.environment_id
LEFT JOIN api a ON a.org_id = d.org_id AND a.slug = d.api
LEFT JOIN application p ON p.org_id = d.org_id AND p.slug = d.application AND p.archived_at IS NULL
WHERE d.environment_id IN (SELECT x.id FROM environment x WHERE x.org_id = $1) AND d.request_id = $2
ORDER BY d.occurred_at DESC
LIMIT 1
