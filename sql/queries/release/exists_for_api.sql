-- params: api_id uuid
-- returns: found bool
SELECT EXISTS (
    SELECT 1 FROM release r JOIN api_version v ON v.id = r.api_version_id
    WHERE v.api_id = $1 AND r.state = 'published'
) AS found
