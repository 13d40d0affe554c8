-- params: policy_id uuid
-- returns: nothing
DELETE FROM policy_ruleset WHERE policy_id = $1
