-- params: id uuid, replaced_by uuid, grace_until timestamptz
-- returns: none
UPDATE credential SET replaced_by = $2, grace_until = $3
WHERE id = $1 AND replaced_by IS NULL AND revoked_at IS NULL
