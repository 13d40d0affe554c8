-- params: org_id uuid, environment_id uuid, generation int8
-- returns: generation int8, body_sha256 bytea, parent_generation int8, content_of_generation int8, cause text, reason text, api_count int4, version_count int4, operation_count int4, artefact_bytes int4, created_by text, created_at timestamptz
SELECT s.generation, s.body_sha256, s.parent_generation, s.content_of_generation, s.cause, s.reason, s.api_count,
    s.version_count, s.operation_count, octet_length(s.artefact) AS artefact_bytes, m.slug AS created_by, s.created_at
FROM routing_snapshot s
LEFT JOIN member m ON m.id = s.created_by
WHERE s.org_id = $1 AND s.environment_id = $2 AND s.generation = $3
