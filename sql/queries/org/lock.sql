-- The organization, held until the transaction ends.
-- params: id uuid
-- returns: id uuid, slug text, title text, required_votes int4
SELECT id, slug, title, required_votes FROM org WHERE id = $1 FOR NO KEY UPDATE
