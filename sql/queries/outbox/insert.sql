-- params: id uuid, org_id uuid, type text, subject text, payload jsonb, now timestamptz
-- returns: nothing
INSERT INTO outbox (id, org_id, type, subject, payload, occurred_at) VALUES ($1, $2, $3, $4, $5, $6)
