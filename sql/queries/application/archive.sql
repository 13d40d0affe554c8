-- params: id uuid, now timestamptz
-- returns: none
UPDATE application SET archived_at = $2, updated_at = $2, etag = etag + 1
WHERE id = $1 AND archived_at IS NULL
