-- The newest revision of each version of an API that is not retired, the latest version first.
-- params: api_id uuid
-- returns: revision_id uuid, spec_content_id uuid
SELECT r.id AS revision_id, r.spec_content_id
FROM api_version v
CROSS JOIN LATERAL (
    SELECT n.id, n.spec_content_id FROM revision n WHERE n.api_version_id = v.id ORDER BY n.number DESC LIMIT 1
) r
WHERE v.api_id = $1 AND v.retired_at IS NULL
ORDER BY v.sort_key DESC, v.id DESC
