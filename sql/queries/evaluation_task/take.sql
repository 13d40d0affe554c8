-- The next check that may be tried, for one worker: others pass it over until this transaction ends.
-- params: now timestamptz
-- returns: id uuid, org_id uuid, spec_content_id uuid, built_in text?, ruleset_id uuid?, ruleset text?, revision_number int4?, attempts int4
-- uses index: evaluation_task_waiting
SELECT t.id, t.org_id, t.spec_content_id, t.built_in, t.ruleset_id,
    (SELECT r.slug FROM ruleset r WHERE r.id = t.ruleset_id) AS ruleset, t.revision_number, t.attempts
FROM evaluation_task t
WHERE t.not_before <= $1
ORDER BY t.not_before, t.id
LIMIT 1
FOR UPDATE OF t SKIP LOCKED
