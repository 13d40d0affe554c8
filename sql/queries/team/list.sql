-- A page of teams by name.
-- params: org_id uuid, after text, row_count int8
-- returns: id uuid, slug text, title text, created_at timestamptz
-- uses index: team_name_is_unique
SELECT id, slug, title, created_at
FROM team
WHERE org_id = $1 AND slug > $2
ORDER BY slug
LIMIT $3
