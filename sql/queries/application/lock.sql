-- An application in use, held until the transaction ends; those of other teams are not found.
-- params: org_id uuid, slug text, teams uuid[]?
-- returns: id uuid, slug text, team_id uuid, team text, title text, managed_by text?, created_at timestamptz, archived_at timestamptz?, etag int8
SELECT
    a.id, a.slug, a.team_id, t.slug AS team, a.title, a.managed_by, a.created_at, a.archived_at, a.etag
FROM application a
JOIN team t ON t.id = a.team_id
WHERE a.org_id = $1 AND a.slug = $2 AND ($3::uuid[] IS NULL OR a.team_id = ANY ($3)) AND a.archived_at IS NULL
FOR NO KEY UPDATE OF a
