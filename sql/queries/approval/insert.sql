-- A manifest that is approved again stays as it is.
-- params: org_id uuid, revision_id uuid, manifest_sha256 bytea, carried_from_sha256 bytea, reason text, now timestamptz
-- returns: nothing
INSERT INTO approval (org_id, revision_id, manifest_sha256, carried_from_sha256, reason, approved_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (revision_id, manifest_sha256) DO NOTHING
