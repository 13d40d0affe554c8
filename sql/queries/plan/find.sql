-- A plan by its name. The plans of a private API are found by its own team alone; null teams means every team.
-- params: org_id uuid, slug text, teams uuid[]?
-- returns: id uuid, slug text, api_id uuid, api text, team_id uuid, title text, approval text, operations text[]?, managed_by text?, created_at timestamptz, etag int8, limit_names text[], limit_kinds text[], limit_amounts int8[], limit_windows text[], limit_aligns text[], limit_algorithms text[], limit_bursts int8[]
SELECT
    p.id, p.slug, p.api_id, a.slug AS api, a.team_id, p.title, p.approval, p.operations, p.managed_by, p.created_at, p.etag,
    ARRAY(SELECT l.name FROM plan_limit l WHERE l.plan_id = p.id ORDER BY l.position) AS limit_names,
    ARRAY(SELECT l.kind FROM plan_limit l WHERE l.plan_id = p.id ORDER BY l.position) AS limit_kinds,
    ARRAY(SELECT l.amount FROM plan_limit l WHERE l.plan_id = p.id ORDER BY l.position) AS limit_amounts,
    ARRAY(SELECT l.window_length FROM plan_limit l WHERE l.plan_id = p.id ORDER BY l.position) AS limit_windows,
    ARRAY(SELECT l.align FROM plan_limit l WHERE l.plan_id = p.id ORDER BY l.position) AS limit_aligns,
    ARRAY(SELECT l.algorithm FROM plan_limit l WHERE l.plan_id = p.id ORDER BY l.position) AS limit_algorithms,
    ARRAY(SELECT l.burst FROM plan_limit l WHERE l.plan_id = p.id ORDER BY l.position) AS limit_bursts
FROM plan p
JOIN api a ON a.id = p.api_id
WHERE p.org_id = $1 AND p.slug = $2 AND (a.visibility <> 'private' OR $3::uuid[] IS NULL OR a.team_id = ANY ($3))
