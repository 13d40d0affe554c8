-- params: id uuid, title text, approval text, operations text[]?, managed_by text?, now timestamptz
-- returns: etag int8
UPDATE plan SET title = $2, approval = $3, operations = $4, managed_by = $5, updated_at = $6, etag = etag + 1
WHERE id = $1
RETURNING etag
