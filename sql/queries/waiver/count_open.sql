-- params: api_id uuid, now timestamptz
-- returns: count int8
SELECT count(*) AS count FROM waiver
WHERE api_id = $1 AND is_granted IS NOT FALSE AND revoked_at IS NULL AND expires_at > $2
