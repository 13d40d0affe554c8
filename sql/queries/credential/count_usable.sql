-- params: application_id uuid, now timestamptz
-- returns: count int8
SELECT count(*) AS count FROM credential
WHERE application_id = $1 AND revoked_at IS NULL AND coalesce(least(expires_at, grace_until) > $2, true)
