-- A page of the revisions that count: each version's newest one, and what is published.
-- params: org_id uuid, teams uuid[]?, after uuid?, row_count int8
-- returns: id uuid, number int4, file_name text, spec_content_id uuid, sha256 bytea, api_id uuid, api text, version text, labels text, is_published bool
SELECT r.id, r.number, r.file_name, r.spec_content_id, c.sha256, a.id AS api_id, a.slug AS api, v.version,
    (SELECT coalesce(jsonb_object_agg(l.key, l.value), '{}') FROM api_label l WHERE l.api_id = a.id)::text AS labels,
    EXISTS (SELECT 1 FROM release x WHERE x.revision_id = r.id AND x.state = 'published') AS is_published
FROM revision r
JOIN spec_content c ON c.id = r.spec_content_id
JOIN api_version v ON v.id = r.api_version_id
JOIN api a ON a.id = v.api_id
WHERE r.org_id = $1 AND v.retired_at IS NULL AND a.archived_at IS NULL
    AND (a.visibility <> 'private' OR $2::uuid[] IS NULL OR a.team_id = ANY ($2))
    AND ($3::uuid IS NULL OR r.id > $3)
    AND (
        r.number = v.last_revision_number
        OR EXISTS (SELECT 1 FROM release x WHERE x.revision_id = r.id AND x.state = 'published')
    )
ORDER BY r.id
LIMIT $4
