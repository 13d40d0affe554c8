-- params: id uuid, org_id uuid, sha256 bytea, canonical_sha256 bytea, media_type text, openapi_version text, operation_count int4, bytes bytea, now timestamptz
-- returns: nothing
INSERT INTO spec_content (
    id, org_id, sha256, canonical_sha256, media_type, openapi_version, operation_count, bytes, created_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (org_id, sha256) DO NOTHING
