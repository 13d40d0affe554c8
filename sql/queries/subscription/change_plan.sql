-- params: id uuid, plan_id uuid, now timestamptz
-- returns: etag int8
UPDATE subscription SET plan_id = $2, updated_at = $3, etag = etag + 1
WHERE id = $1
RETURNING etag
