-- params: org_id uuid, actor text, key text, result jsonb
-- returns: nothing
UPDATE idempotency_key SET result = $4 WHERE org_id = $1 AND actor = $2 AND key = $3
