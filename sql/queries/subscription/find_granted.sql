-- The subscriptions of an application to an API that are accepted or paused, with what their plans grant.
-- params: application_id uuid, api_id uuid
-- returns: plan text, operations text[]?, pin_version text?
SELECT p.slug AS plan, p.operations, v.version AS pin_version
FROM subscription s
JOIN plan p ON p.id = s.plan_id
LEFT JOIN version_pin n ON n.subscription_id = s.id
LEFT JOIN api_version v ON v.id = n.api_version_id
WHERE s.application_id = $1 AND s.api_id = $2 AND s.state IN ('accepted', 'paused')
ORDER BY s.id
