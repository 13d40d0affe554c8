-- params: id uuid, org_id uuid, team_id uuid, slug text, targets jsonb, connect_timeout_ms int4, header_timeout_ms int4, idle_timeout_ms int4, policy jsonb, sha256 bytea, now timestamptz
-- returns: nothing
INSERT INTO upstream (
    id, org_id, team_id, slug, targets, connect_timeout_ms, header_timeout_ms, idle_timeout_ms, policy, sha256, created_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (org_id, slug, sha256) DO NOTHING
