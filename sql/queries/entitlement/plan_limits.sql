-- The limits of plans, in the order of their fields.
-- params: plan_ids uuid[]
-- returns: plan_id uuid, name text, kind text, amount int8, window_length text, align text, algorithm text, burst int8
SELECT l.plan_id, l.name, l.kind, l.amount, l.window_length, l.align, l.algorithm, l.burst
FROM plan_limit l
WHERE l.plan_id = ANY ($1::uuid[])
ORDER BY l.plan_id, l.position
