-- What a subscription and a pin need to know of an API; those of a private API are found by its own team alone.
-- params: org_id uuid, slug text, teams uuid[]?
-- returns: id uuid, slug text, team_id uuid, is_passthrough bool, is_open bool
SELECT a.id, a.slug, a.team_id, a.passthrough IS NOT NULL AS is_passthrough, a.access = 'open' AS is_open
FROM api a
WHERE a.org_id = $1 AND a.slug = $2 AND a.archived_at IS NULL
    AND (a.visibility <> 'private' OR $3::uuid[] IS NULL OR a.team_id = ANY ($3))
