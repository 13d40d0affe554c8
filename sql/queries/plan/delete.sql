-- params: id uuid
-- returns: none
DELETE FROM plan WHERE id = $1
