-- params: ids uuid[], now timestamptz
-- returns: nothing
UPDATE outbox SET delivered_at = $2 WHERE id = ANY ($1::uuid[])
