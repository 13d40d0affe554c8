-- params: id uuid, managed_by text?
-- returns: nothing
UPDATE policy SET managed_by = $2 WHERE id = $1
