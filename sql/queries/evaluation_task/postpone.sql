-- params: id uuid, not_before timestamptz
-- returns: nothing
UPDATE evaluation_task SET attempts = attempts + 1, not_before = $2 WHERE id = $1
