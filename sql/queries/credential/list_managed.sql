-- Credentials that somebody keeps and that are not revoked, for pruning and export.
-- params: org_id uuid, managed_by text?, teams uuid[]?
-- returns: id uuid, slug text?, application text, environment text, start text, sha256 bytea, note text, starts_at timestamptz?, expires_at timestamptz?
SELECT k.id, k.slug, a.slug AS application, e.slug AS environment, k.start, k.sha256, k.note, k.starts_at, k.expires_at
FROM credential k
JOIN application a ON a.id = k.application_id
JOIN environment e ON e.id = k.environment_id
WHERE k.org_id = $1 AND ($2::text IS NULL OR k.managed_by = $2) AND ($3::uuid[] IS NULL OR a.team_id = ANY ($3))
    AND k.revoked_at IS NULL AND k.replaced_by IS NULL
ORDER BY k.id
