-- Changes an API that is still as the caller read it.
-- params: id uuid, team_id uuid, title text, description text, visibility text, base_path text, hosts text[], access text, security text, versioning jsonb, request_headers jsonb, passthrough jsonb, settings_sha256 bytea, now timestamptz, archived_at timestamptz, etag int8
-- returns: etag int8
UPDATE api SET
    team_id = $2, title = $3, description = $4, visibility = $5, base_path = $6, hosts = $7, access = $8, security = $9,
    versioning = $10, request_headers = $11, passthrough = $12, settings_sha256 = $13, updated_at = $14,
    archived_at = $15, etag = etag + 1
WHERE id = $1 AND etag = $16
RETURNING etag
