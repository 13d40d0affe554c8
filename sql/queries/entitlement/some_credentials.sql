-- params: environment_id uuid, ids uuid[], ended_after timestamptz
-- returns: id uuid, sha256 bytea, application_id uuid, start text, starts_at timestamptz?, expires_at timestamptz?, grace_until timestamptz?
SELECT k.id, k.sha256, k.application_id, k.start, k.starts_at, k.expires_at, k.grace_until
FROM credential k
WHERE k.environment_id = $1 AND k.revoked_at IS NULL AND k.id = ANY ($2::uuid[])
    AND coalesce(least(k.expires_at, k.grace_until) > $3, true)
