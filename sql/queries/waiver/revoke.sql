-- params: id uuid, revoked_by uuid, now timestamptz, reason text
-- returns: nothing
UPDATE waiver SET revoked_by = $2, revoked_at = $3, revocation_reason = $4 WHERE id = $1
