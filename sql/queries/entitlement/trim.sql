-- Forgets changes older than a moment; readers that need them get a base.
-- params: before timestamptz
-- returns: none
WITH gone AS (
    DELETE FROM entitlement_change WHERE changed_at < $1 RETURNING sequence
)
UPDATE entitlement_clock SET floor = greatest(floor, (SELECT max(sequence) FROM gone))
WHERE EXISTS (SELECT 1 FROM gone)
