-- A credential of a named application; those of other teams are not found.
-- params: org_id uuid, application text, id uuid, teams uuid[]?
-- returns: id uuid, application_id uuid, application text, team_id uuid, environment_id uuid, environment text, slug text?, start text, is_imported bool, note text, managed_by text?, created_at timestamptz, starts_at timestamptz?, expires_at timestamptz?, grace_until timestamptz?, revoked_at timestamptz?, replaced_by uuid?, pin_apis text[], pin_versions text[], pin_modes text[], pin_expiries timestamptz[]
SELECT
    k.id, k.application_id, a.slug AS application, a.team_id, k.environment_id, e.slug AS environment, k.slug, k.start,
    k.is_imported, k.note, k.managed_by, k.created_at, k.starts_at, k.expires_at, k.grace_until, k.revoked_at, k.replaced_by,
    ARRAY(SELECT i.slug FROM version_pin n JOIN api i ON i.id = n.api_id WHERE n.credential_id = k.id ORDER BY i.slug) AS pin_apis,
    ARRAY(SELECT v.version FROM version_pin n JOIN api i ON i.id = n.api_id JOIN api_version v ON v.id = n.api_version_id
        WHERE n.credential_id = k.id ORDER BY i.slug) AS pin_versions,
    ARRAY(SELECT n.mode FROM version_pin n JOIN api i ON i.id = n.api_id WHERE n.credential_id = k.id ORDER BY i.slug) AS pin_modes,
    ARRAY(SELECT n.expires_at FROM version_pin n JOIN api i ON i.id = n.api_id WHERE n.credential_id = k.id ORDER BY i.slug)
        AS pin_expiries
FROM credential k
JOIN application a ON a.id = k.application_id
JOIN environment e ON e.id = k.environment_id
WHERE k.org_id = $1 AND a.slug = $2 AND k.id = $3 AND ($4::uuid[] IS NULL OR a.team_id = ANY ($4))
