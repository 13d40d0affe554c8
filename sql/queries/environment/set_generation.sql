-- params: id uuid, generation int8
-- returns: nothing
UPDATE environment SET generation = $2 WHERE id = $1
