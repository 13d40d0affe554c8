-- params: org_id uuid, environment_id uuid, generation int8, artefact bytea, body_sha256 bytea, parent_generation int8, content_of_generation int8, cause text, reason text, api_count int4, version_count int4, operation_count int4, created_by uuid, now timestamptz
-- returns: nothing
INSERT INTO routing_snapshot (
    org_id, environment_id, generation, artefact, body_sha256, parent_generation, content_of_generation, cause, reason,
    api_count, version_count, operation_count, created_by, created_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
