-- params: org_id uuid, id uuid
-- returns: id uuid, api_id uuid, api text, team_id uuid, version text, major int4, sort_key bytea, announced_at timestamptz, deprecated_at timestamptz, sunset_at timestamptz, successor text, deprecation_link text, deprecation_reason text, retired_at timestamptz, last_revision_number int4, etag int8, created_at timestamptz
SELECT v.id, v.api_id, a.slug AS api, a.team_id, v.version, v.major, v.sort_key, v.announced_at, v.deprecated_at, v.sunset_at,
    s.version AS successor, v.deprecation_link, v.deprecation_reason, v.retired_at, v.last_revision_number, v.etag,
    v.created_at
FROM api_version v
JOIN api a ON a.id = v.api_id
LEFT JOIN api_version s ON s.id = v.successor_id
WHERE v.org_id = $1 AND v.id = $2
