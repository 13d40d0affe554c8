-- Whom a plan's change reaches.
-- params: environment_id uuid, plan_ids uuid[]
-- returns: id uuid
SELECT s.id FROM subscription s
WHERE s.environment_id = $1 AND s.plan_id = ANY ($2::uuid[]) AND s.state IN ('accepted', 'paused')
