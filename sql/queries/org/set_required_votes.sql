-- params: id uuid, required_votes int4
-- returns: nothing
UPDATE org SET required_votes = $2 WHERE id = $1
