-- params: id uuid, now timestamptz, superseded_by uuid
-- returns: nothing
UPDATE release SET state = 'retired', retired_at = $2, superseded_by = $3, suspended = false, suspension_reason = NULL
WHERE id = $1 AND state = 'published'
