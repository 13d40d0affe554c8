-- params: id uuid, org_id uuid, api_id uuid, version text, major int4, sort_key bytea, now timestamptz
-- returns: nothing
INSERT INTO api_version (id, org_id, api_id, version, major, sort_key, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (api_id, version) DO NOTHING
