-- params: org_id uuid, ids uuid[]
-- returns: id uuid, slug text
SELECT a.id, a.slug
FROM application a
WHERE a.org_id = $1 AND a.archived_at IS NULL AND a.id = ANY ($2::uuid[])
