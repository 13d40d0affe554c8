-- params: environment_id uuid, ended_after timestamptz
-- returns: id uuid, application_id uuid, api text, major int4?, plan_id uuid, plan text, state text, operations text[]?, starts_at timestamptz?, ends_at timestamptz?, pin_version text?, pin_is_hard bool?, pin_expires_at timestamptz?
SELECT
    s.id, s.application_id, a.slug AS api, s.major, s.plan_id, p.slug AS plan, s.state, p.operations, s.starts_at, s.ends_at,
    v.version AS pin_version, n.mode = 'hard' AS pin_is_hard, n.expires_at AS pin_expires_at
FROM subscription s
JOIN api a ON a.id = s.api_id
JOIN plan p ON p.id = s.plan_id
LEFT JOIN version_pin n ON n.subscription_id = s.id
LEFT JOIN api_version v ON v.id = n.api_version_id
WHERE s.environment_id = $1 AND s.state IN ('accepted', 'paused')
    AND coalesce(s.ends_at > $2, true)
