-- Starts the votes again, for another manifest of the same content.
-- params: id uuid, upstream_id uuid, settings_sha256 bytea, manifest_sha256 bytea
-- returns: nothing
UPDATE revision SET
    review_state = 'in_review', decided_at = NULL, upstream_id = $2, settings_sha256 = $3, manifest_sha256 = $4
WHERE id = $1
