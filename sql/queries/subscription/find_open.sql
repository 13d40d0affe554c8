-- The subscription that stands in the way of another one; a null major is one of its own.
-- params: application_id uuid, api_id uuid, environment_id uuid, major int4?
-- returns: id uuid, application_id uuid, application text, consumer_team_id uuid, api_id uuid, api text, provider_team_id uuid, plan_id uuid, plan text, environment_id uuid, environment text, major int4?, state text, is_paused_by_provider bool, is_paused_by_consumer bool, pin_version text?, pin_mode text?, pin_expires_at timestamptz?, slug text?, managed_by text?, comment text, decision_comment text?, requested_by uuid, requester text, decider text?, starts_at timestamptz?, ends_at timestamptz?, created_at timestamptz, decided_at timestamptz?, closed_at timestamptz?, etag int8
SELECT
    s.id, s.application_id, c.slug AS application, c.team_id AS consumer_team_id, s.api_id, a.slug AS api,
    a.team_id AS provider_team_id, s.plan_id, p.slug AS plan, s.environment_id, e.slug AS environment, s.major, s.state,
    s.provider_paused_at IS NOT NULL AS is_paused_by_provider, s.consumer_paused_at IS NOT NULL AS is_paused_by_consumer,
    v.version AS pin_version, n.mode AS pin_mode, n.expires_at AS pin_expires_at, s.slug, s.managed_by, s.comment,
    s.decision_comment, s.requested_by, r.slug AS requester, d.slug AS decider, s.starts_at, s.ends_at, s.created_at,
    s.decided_at, s.closed_at, s.etag
FROM subscription s
JOIN application c ON c.id = s.application_id
JOIN api a ON a.id = s.api_id
JOIN plan p ON p.id = s.plan_id
JOIN environment e ON e.id = s.environment_id
JOIN member r ON r.id = s.requested_by
LEFT JOIN member d ON d.id = s.decided_by
LEFT JOIN version_pin n ON n.subscription_id = s.id
LEFT JOIN api_version v ON v.id = n.api_version_id
WHERE s.application_id = $1 AND s.api_id = $2 AND s.environment_id = $3 AND s.major IS NOT DISTINCT FROM $4::int4
    AND s.state IN ('pending', 'accepted', 'paused')
