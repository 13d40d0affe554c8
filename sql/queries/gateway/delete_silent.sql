-- Forgets gateways that have not been heard of.
-- params: environment_id uuid, before timestamptz
-- returns: nothing
-- uses index: gateway_by_last_seen
DELETE FROM gateway WHERE environment_id = $1 AND last_seen_at < $2
