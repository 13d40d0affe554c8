-- params: id uuid, org_id uuid, api_version_id uuid, environment_id uuid, revision_id uuid, upstream_id uuid, manifest_sha256 bytea, weight int4, now timestamptz, published_by uuid
-- returns: nothing
INSERT INTO release (
    id, org_id, api_version_id, environment_id, revision_id, upstream_id, manifest_sha256, state, weight, published_at,
    published_by
)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'published', $8, $9, $10)
