-- params: id uuid, reason text, now timestamptz
-- returns: none
UPDATE credential SET revoked_at = $3, revoke_reason = $2
WHERE id = $1 AND revoked_at IS NULL
