-- The published revision of the greatest version of an API that is not after a given one.
-- params: org_id uuid, api_id uuid, sort_key bytea
-- returns: id uuid, number int4, file_name text, spec_content_id uuid, sha256 bytea, version text, major int4?
SELECT x.id, x.number, x.file_name, x.spec_content_id, c.sha256, v.version, v.major
FROM release r
JOIN revision x ON x.id = r.revision_id
JOIN spec_content c ON c.id = x.spec_content_id
JOIN api_version v ON v.id = r.api_version_id
WHERE r.org_id = $1 AND v.api_id = $2 AND r.state = 'published' AND v.sort_key <= $3
ORDER BY v.sort_key DESC, r.published_at DESC, r.id
LIMIT 1
