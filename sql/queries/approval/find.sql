-- params: revision_id uuid, manifest_sha256 bytea
-- returns: carried_from_sha256 bytea, reason text, approved_at timestamptz
-- uses index: approval_is_given_once
SELECT carried_from_sha256, reason, approved_at FROM approval
WHERE revision_id = $1 AND manifest_sha256 = $2
