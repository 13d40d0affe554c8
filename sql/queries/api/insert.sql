-- params: id uuid, org_id uuid, team_id uuid, slug text, title text, description text, visibility text, base_path text, hosts text[], access text, security text, versioning jsonb, request_headers jsonb, passthrough jsonb, settings_sha256 bytea, now timestamptz
-- returns: nothing
INSERT INTO api (
    id, org_id, team_id, slug, title, description, visibility, base_path, hosts, access, security, versioning,
    request_headers, passthrough, settings_sha256, created_at, updated_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
