-- params: id uuid
-- returns: nothing
DELETE FROM evaluation_task WHERE id = $1
