-- params: org_id uuid, environment_id uuid, after int8
-- returns: found bool
-- uses index: entitlement_change_is_logged_once
SELECT EXISTS (
    SELECT 1 FROM entitlement_change
    WHERE org_id = $1 AND sequence > $3 AND (environment_id = $2 OR environment_id IS NULL)
) AS found
