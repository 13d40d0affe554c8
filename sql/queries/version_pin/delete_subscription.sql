-- params: subscription_id uuid
-- returns: none
DELETE FROM version_pin WHERE subscription_id = $1
