-- Takes a ruleset out of use; its revisions stay for the decisions that were made with them.
-- params: id uuid, now timestamptz
-- returns: nothing
UPDATE ruleset SET deleted_at = $2 WHERE id = $1
