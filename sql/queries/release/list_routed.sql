-- What the gate of an environment routes: live releases, and those of retired versions as tombstones.
-- params: environment_id uuid, tombstones_since timestamptz
-- returns: id uuid, api_version_id uuid, revision_id uuid, upstream_id uuid, manifest_sha256 bytea, state text, suspended bool, api_id uuid, version text, major int4, sort_key bytea, deprecated_at timestamptz, sunset_at timestamptz, successor text, deprecation_link text, spec_content_id uuid, file_name text, revision_number int4
SELECT r.id, r.api_version_id, r.revision_id, r.upstream_id, r.manifest_sha256, r.state, r.suspended, v.api_id,
    v.version, v.major, v.sort_key, v.deprecated_at, v.sunset_at, s.version AS successor, v.deprecation_link, x.spec_content_id, x.file_name,
    x.number AS revision_number
FROM release r
JOIN api_version v ON v.id = r.api_version_id
JOIN api a ON a.id = v.api_id
LEFT JOIN api_version s ON s.id = v.successor_id
JOIN revision x ON x.id = r.revision_id
WHERE r.environment_id = $1
    AND a.archived_at IS NULL
    AND (r.state = 'published' OR r.superseded_by IS NULL AND r.retired_at >= $2)
ORDER BY r.api_version_id, r.id
