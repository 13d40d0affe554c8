-- params: application_id uuid, reason text, now timestamptz
-- returns: id uuid
UPDATE credential SET revoked_at = $3, revoke_reason = $2
WHERE application_id = $1 AND revoked_at IS NULL
RETURNING id
