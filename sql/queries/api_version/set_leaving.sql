-- params: id uuid, announced_at timestamptz, deprecated_at timestamptz, sunset_at timestamptz, successor text, deprecation_link text, deprecation_reason text
-- returns: nothing
UPDATE api_version SET
    announced_at = $2, deprecated_at = $3, sunset_at = $4,
    successor_id = (SELECT s.id FROM api_version s WHERE s.api_id = api_version.api_id AND s.version = $5::text),
    deprecation_link = $6, deprecation_reason = $7, etag = etag + 1
WHERE id = $1
