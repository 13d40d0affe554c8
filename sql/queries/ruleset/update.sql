-- params: id uuid, title text, managed_by text?
-- returns: nothing
UPDATE ruleset SET title = $2, managed_by = $3 WHERE id = $1
