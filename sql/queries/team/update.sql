-- params: id uuid, title text
-- returns: nothing
UPDATE team SET title = $2 WHERE id = $1
