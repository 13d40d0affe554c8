-- How many subscriptions, open or over, name the plan.
-- params: id uuid
-- returns: count int8
SELECT count(*) AS count FROM subscription WHERE plan_id = $1
