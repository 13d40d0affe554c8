-- params: org_id uuid, api_version_id uuid
-- returns: id uuid, api_version_id uuid, environment_id uuid, environment text, revision_id uuid, revision_number int4, upstream_id uuid, upstream_targets text, manifest_sha256 bytea, state text, suspension_reason text, weight int4, published_at timestamptz, retired_at timestamptz
-- uses index: release_by_version
SELECT r.id, r.api_version_id, r.environment_id, e.slug AS environment, r.revision_id, x.number AS revision_number, r.upstream_id,
    (SELECT u.targets FROM upstream u WHERE u.id = r.upstream_id)::text AS upstream_targets,
    r.manifest_sha256, r.state, r.suspension_reason, r.weight, r.published_at, r.retired_at
FROM release r
JOIN environment e ON e.id = r.environment_id
JOIN revision x ON x.id = r.revision_id
WHERE r.org_id = $1 AND r.api_version_id = $2
ORDER BY r.id DESC
LIMIT 200
