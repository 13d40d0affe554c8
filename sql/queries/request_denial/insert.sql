-- What a gateway refused; a report that comes twice counts once.
-- params: org_id uuid, environment_id uuid, gateway_name text, denials jsonb
-- returns: nothing
INSERT INTO request_denial (
    org_id, environment_id, gateway_name, request_id, occurred_at, status, code, method, host, path, api, version,
    operation, application, credential, plan, limit_name, detail, generation, entitlement_sequence, specification
)
SELECT $1, $2, $3, d."requestID", d."occurredAt", d.status, d.code, d.method, d.host, d.path, d.api, d.version,
    d.operation, d.application, d.credential, d.plan, d."limit", d.detail, d.generation, d.sequence, d.specification
FROM jsonb_to_recordset($4::jsonb) AS d (
    "requestID" text, "occurredAt" timestamptz, status int2, code text, method text, host text, path text, api text,
    version text, operation text, application text, credential text, plan text, "limit" text, detail text,
    generation int8, sequence int8, specification jsonb
)
ON CONFLICT (environment_id, request_id) DO NOTHING
