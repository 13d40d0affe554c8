-- A page of the review queue, the newest first; a private API of another team is not shown.
-- params: org_id uuid, review_state text, teams uuid[], before uuid, row_count int8
-- returns: id uuid, api_version_id uuid, number int4, spec_content_id uuid, sha256 bytea, canonical_sha256 bytea, file_name text, message text, upstream_id uuid, manifest_sha256 bytea, submitted_by uuid, submitted_at timestamptz, review_state text, decided_at timestamptz, openapi_version text, operation_count int4, upstream_targets text, lint_result text, errors int4, warnings int4, informations int4, hints int4, authors uuid[], author_names text[], api text, team_id uuid, version text, approvals int8
-- uses index: revision_by_state
SELECT r.id, r.api_version_id, r.number, r.spec_content_id, c.sha256, c.canonical_sha256, r.file_name, r.message, r.upstream_id,
    r.manifest_sha256, r.submitted_by, r.submitted_at, r.review_state, r.decided_at, c.openapi_version, c.operation_count,
    (SELECT u.targets FROM upstream u WHERE u.id = r.upstream_id)::text AS upstream_targets, l.result AS lint_result,
    l.errors, l.warnings, l.informations, l.hints,
    ARRAY(SELECT x.member_id FROM revision_author x WHERE x.revision_id = r.id ORDER BY x.member_id) AS authors,
    ARRAY(
        SELECT m.slug FROM revision_author x JOIN member m ON m.id = x.member_id
        WHERE x.revision_id = r.id ORDER BY x.member_id
    ) AS author_names,
    a.slug AS api, a.team_id, v.version,
    (
        SELECT count(*) FROM review_vote w
        WHERE w.revision_id = r.id AND w.decision = 'approve' AND w.manifest_sha256 = r.manifest_sha256
    ) AS approvals
FROM revision r
JOIN spec_content c ON c.id = r.spec_content_id
LEFT JOIN LATERAL (
    SELECT x.result, x.errors, x.warnings, x.informations, x.hints FROM lint_report x
    WHERE x.revision_id = r.id ORDER BY x.id DESC LIMIT 1
) l ON true
JOIN api_version v ON v.id = r.api_version_id
JOIN api a ON a.id = v.api_id
WHERE r.org_id = $1
    AND r.review_state = $2
    AND ($3::uuid[] IS NULL OR a.visibility <> 'private' OR a.team_id = ANY ($3::uuid[]))
    AND ($4::uuid IS NULL OR r.id < $4::uuid)
ORDER BY r.id DESC
LIMIT $5
