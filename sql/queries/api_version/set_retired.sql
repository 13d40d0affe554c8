-- params: id uuid, now timestamptz
-- returns: nothing
UPDATE api_version SET retired_at = $2, etag = etag + 1 WHERE id = $1 AND retired_at IS NULL
