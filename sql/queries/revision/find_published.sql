-- What a version is compared by: its published revision, else its newest.
-- params: org_id uuid, api_version_id uuid, is_published_only bool
-- returns: id uuid, number int4, file_name text, spec_content_id uuid, sha256 bytea, version text, major int4?
SELECT x.id, x.number, x.file_name, x.spec_content_id, c.sha256, v.version, v.major
FROM revision x
JOIN spec_content c ON c.id = x.spec_content_id
JOIN api_version v ON v.id = x.api_version_id
LEFT JOIN release r ON r.revision_id = x.id AND r.state = 'published'
WHERE x.org_id = $1 AND x.api_version_id = $2 AND (r.id IS NOT NULL OR NOT $3)
ORDER BY (r.id IS NULL), r.published_at DESC, x.number DESC
LIMIT 1
