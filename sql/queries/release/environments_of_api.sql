-- params: api_id uuid
-- returns: slug text
SELECT DISTINCT e.slug
FROM release r
JOIN api_version v ON v.id = r.api_version_id
JOIN environment e ON e.id = r.environment_id
WHERE v.api_id = $1 AND (r.state = 'published' OR r.superseded_by IS NULL)
ORDER BY e.slug
