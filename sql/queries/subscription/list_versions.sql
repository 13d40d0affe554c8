-- The versions of an API that are not retired, the latest first, and whether each is live in an environment.
-- params: api_id uuid, environment_id uuid
-- returns: id uuid, version text, major int4?, deprecated_at timestamptz?, sunset_at timestamptz?, successor text?, is_published bool
SELECT
    v.id, v.version, v.major, v.deprecated_at, v.sunset_at, n.version AS successor,
    EXISTS (
        SELECT 1 FROM release r WHERE r.api_version_id = v.id AND r.environment_id = $2 AND r.state = 'published'
    ) AS is_published
FROM api_version v
LEFT JOIN api_version n ON n.id = v.successor_id
WHERE v.api_id = $1 AND v.retired_at IS NULL
ORDER BY v.sort_key DESC, v.id DESC
