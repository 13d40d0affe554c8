-- What a manifest may change on an open subscription.
-- params: id uuid, starts_at timestamptz?, ends_at timestamptz?, comment text, slug text?, managed_by text?, now timestamptz
-- returns: etag int8
UPDATE subscription SET
    starts_at = $2, ends_at = $3, comment = $4, slug = $5, managed_by = $6, updated_at = $7, etag = etag + 1
WHERE id = $1
RETURNING etag
