-- params: org_id uuid, actor text, key text, fingerprint bytea, now timestamptz
-- returns: nothing
INSERT INTO idempotency_key (org_id, actor, key, fingerprint, created_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (org_id, actor, key) DO NOTHING
