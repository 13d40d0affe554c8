-- params: org_id uuid, slug text
-- returns: id uuid
SELECT t.id FROM team t WHERE t.org_id = $1 AND t.slug = $2
