-- params: before timestamptz
-- returns: nothing
-- uses index: idempotency_key_by_age
DELETE FROM idempotency_key WHERE created_at < $1
