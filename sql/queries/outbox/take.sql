-- Events that wait, each for one taker.
-- params: row_count int8
-- returns: id uuid, org_id uuid, type text, subject text, payload text, occurred_at timestamptz
-- uses index: outbox_waiting
SELECT id, org_id, type, subject, payload::text AS payload, occurred_at
FROM outbox
WHERE delivered_at IS NULL
ORDER BY id
LIMIT $1
FOR UPDATE SKIP LOCKED
