-- params: org_id uuid, api_version_id uuid, before uuid, row_count int8
-- returns: id uuid, environment text, event text, from_state text, to_state text, reason text, evidence text, member text, occurred_at timestamptz
-- uses index: lifecycle_event_by_version
SELECT l.id, e.slug AS environment, l.event, l.from_state, l.to_state, l.reason, l.evidence::text AS evidence,
    m.slug AS member, l.occurred_at
FROM lifecycle_event l
LEFT JOIN environment e ON e.id = l.environment_id
LEFT JOIN member m ON m.id = l.member_id
WHERE l.org_id = $1 AND l.api_version_id = $2 AND ($3::uuid IS NULL OR l.id < $3::uuid)
ORDER BY l.id DESC
LIMIT $4
