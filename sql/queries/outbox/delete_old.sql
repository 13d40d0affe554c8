-- params: before timestamptz
-- returns: nothing
DELETE FROM outbox WHERE delivered_at < $1
