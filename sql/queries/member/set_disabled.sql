-- Disables, or enables with null.
-- params: org_id uuid, id uuid, disabled_at timestamptz
-- returns: nothing
UPDATE member SET disabled_at = $3 WHERE org_id = $1 AND id = $2
