-- Notes the use, at most once in a while.
-- params: id uuid, now timestamptz, before timestamptz
-- returns: nothing
UPDATE token SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $3)
