-- Which records changed after a sequence, in one environment, each once.
-- params: org_id uuid, environment_id uuid, after int8
-- returns: kind text, subject_id uuid
-- uses index: entitlement_change_is_logged_once
SELECT DISTINCT kind, subject_id
FROM entitlement_change
WHERE org_id = $1 AND sequence > $3 AND (environment_id = $2 OR environment_id IS NULL)
