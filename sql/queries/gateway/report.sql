-- params: id uuid, org_id uuid, environment_id uuid, name text, software_version text, generation int8, entitlement_sequence int8, problem text, started_at timestamptz, now timestamptz
-- returns: id uuid
INSERT INTO gateway (
    id, org_id, environment_id, name, software_version, generation, entitlement_sequence, problem, started_at,
    last_seen_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (environment_id, name) DO UPDATE SET
    software_version = excluded.software_version, generation = excluded.generation,
    entitlement_sequence = excluded.entitlement_sequence, problem = excluded.problem,
    started_at = excluded.started_at, last_seen_at = excluded.last_seen_at
RETURNING id
