-- The credential that a hash stands for, revoked ones included; those of other teams are not found.
-- params: org_id uuid, environment_id uuid, sha256 bytea, teams uuid[]?
-- returns: id uuid, application text, slug text?, revoked_at timestamptz?
SELECT k.id, a.slug AS application, k.slug, k.revoked_at
FROM credential k
JOIN application a ON a.id = k.application_id
WHERE k.org_id = $1 AND k.environment_id = $2 AND k.sha256 = $3 AND ($4::uuid[] IS NULL OR a.team_id = ANY ($4))
