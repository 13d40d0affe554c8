-- A page of applications in the order in which they were made; null narrows nothing.
-- params: org_id uuid, teams uuid[]?, team text?, with_archived bool, after uuid?, row_count int8
-- returns: id uuid, slug text, team_id uuid, team text, title text, managed_by text?, created_at timestamptz, archived_at timestamptz?, etag int8
SELECT
    a.id, a.slug, a.team_id, t.slug AS team, a.title, a.managed_by, a.created_at, a.archived_at, a.etag
FROM application a
JOIN team t ON t.id = a.team_id
WHERE a.org_id = $1 AND ($2::uuid[] IS NULL OR a.team_id = ANY ($2)) AND ($3::text IS NULL OR t.slug = $3)
    AND ($4 OR a.archived_at IS NULL) AND ($5::uuid IS NULL OR a.id > $5)
ORDER BY a.id
LIMIT $6
