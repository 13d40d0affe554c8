-- Open subscriptions that somebody keeps, for pruning.
-- params: org_id uuid, managed_by text, consumer_teams uuid[]?
-- returns: id uuid, slug text?
SELECT s.id, s.slug
FROM subscription s
JOIN application c ON c.id = s.application_id
WHERE s.org_id = $1 AND s.managed_by = $2 AND ($3::uuid[] IS NULL OR c.team_id = ANY ($3))
    AND s.state IN ('pending', 'accepted', 'paused')
ORDER BY s.id
