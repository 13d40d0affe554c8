-- params: org_id uuid, slug text
-- returns: id uuid, slug text
SELECT e.id, e.slug FROM environment e WHERE e.org_id = $1 AND e.slug = $2
