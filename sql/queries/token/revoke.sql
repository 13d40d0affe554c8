-- params: org_id uuid, id uuid, now timestamptz
-- returns: nothing
UPDATE token SET revoked_at = $3 WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL
