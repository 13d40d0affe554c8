-- Takes a policy out of use; what it decided stays readable.
-- params: id uuid, now timestamptz
-- returns: nothing
UPDATE policy SET deleted_at = $2 WHERE id = $1
