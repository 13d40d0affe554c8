-- params: org_id uuid, environment_id uuid
-- returns: id uuid, name text, software_version text, generation int8, entitlement_sequence int8, problem text, started_at timestamptz, last_seen_at timestamptz
-- uses index: gateway_name_is_unique
SELECT id, name, software_version, generation, entitlement_sequence, problem, started_at, last_seen_at
FROM gateway
WHERE org_id = $1 AND environment_id = $2
ORDER BY name
LIMIT 1000
