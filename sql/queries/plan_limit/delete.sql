-- params: plan_id uuid
-- returns: none
DELETE FROM plan_limit WHERE plan_id = $1
