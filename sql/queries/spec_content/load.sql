-- params: org_id uuid, id uuid
-- returns: bytes bytea, sha256 bytea, canonical_sha256 bytea, media_type text, openapi_version text, operation_count int4
SELECT bytes, sha256, canonical_sha256, media_type, openapi_version, operation_count FROM spec_content WHERE org_id = $1 AND id = $2
