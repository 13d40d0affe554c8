-- params: id uuid, title text, managed_by text?, now timestamptz
-- returns: etag int8
UPDATE application SET title = $2, managed_by = $3, updated_at = $4, etag = etag + 1
WHERE id = $1
RETURNING etag
