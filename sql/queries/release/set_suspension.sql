-- params: id uuid, reason text
-- returns: nothing
UPDATE release SET suspended = $2::text IS NOT NULL, suspension_reason = $2::text WHERE id = $1 AND state = 'published'
