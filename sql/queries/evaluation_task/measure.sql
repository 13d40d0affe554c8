-- How many checks wait, how many of them were tried in vain, and since when the oldest waits; null where none does.
-- params: none
-- returns: waiting int8, failing int8, oldest timestamptz?
SELECT count(*) AS waiting, count(*) FILTER (WHERE attempts > 0) AS failing, min(enqueued_at) AS oldest
FROM evaluation_task
