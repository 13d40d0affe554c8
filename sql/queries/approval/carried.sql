-- params: revision_id uuid, carried_from_sha256 bytea
-- returns: manifest_sha256 bytea
-- uses index: approval_holds_for_one_manifest
SELECT manifest_sha256 FROM approval WHERE revision_id = $1 AND carried_from_sha256 = $2
