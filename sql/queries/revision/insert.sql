-- params: id uuid, org_id uuid, api_version_id uuid, number int4, spec_content_id uuid, file_name text, message text, upstream_id uuid, settings_sha256 bytea, manifest_sha256 bytea, submitted_by uuid, now timestamptz, review_state text
-- returns: nothing
INSERT INTO revision (
    id, org_id, api_version_id, number, spec_content_id, file_name, message, upstream_id, settings_sha256,
    manifest_sha256, submitted_by, submitted_at, review_state
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
