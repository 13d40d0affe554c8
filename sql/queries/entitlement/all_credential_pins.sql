-- params: environment_id uuid, ended_after timestamptz
-- returns: credential_id uuid, api text, version text, is_hard bool, expires_at timestamptz?
SELECT n.credential_id, i.slug AS api, v.version, n.mode = 'hard' AS is_hard, n.expires_at
FROM credential k
JOIN version_pin n ON n.credential_id = k.id
JOIN api i ON i.id = n.api_id
JOIN api_version v ON v.id = n.api_version_id
WHERE k.environment_id = $1 AND k.revoked_at IS NULL
    AND coalesce(least(k.expires_at, k.grace_until) > $2, true)
ORDER BY n.credential_id, i.slug
