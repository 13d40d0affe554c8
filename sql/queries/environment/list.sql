-- params: org_id uuid
-- returns: id uuid, slug text, rank int4, generation int8
SELECT id, slug, rank, generation FROM environment WHERE org_id = $1 ORDER BY rank, slug
