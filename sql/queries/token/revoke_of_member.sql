-- params: org_id uuid, member_id uuid, now timestamptz
-- returns: nothing
UPDATE token SET revoked_at = $3 WHERE org_id = $1 AND member_id = $2 AND revoked_at IS NULL
