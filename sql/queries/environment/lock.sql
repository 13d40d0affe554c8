-- The environment, held until the transaction ends: publications queue here.
-- params: org_id uuid, slug text
-- returns: id uuid, slug text, rank int4, generation int8
SELECT id, slug, rank, generation FROM environment WHERE org_id = $1 AND slug = $2 FOR NO KEY UPDATE
