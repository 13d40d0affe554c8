-- params: org_id uuid, actor text, key text
-- returns: fingerprint bytea, result text
-- uses index: idempotency_key_is_used_once
SELECT fingerprint, result::text AS result FROM idempotency_key
WHERE org_id = $1 AND actor = $2 AND key = $3
