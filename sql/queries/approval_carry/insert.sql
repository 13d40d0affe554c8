-- params: org_id uuid, from_revision_id uuid, from_manifest_sha256 bytea, to_revision_id uuid, to_manifest_sha256 bytea, comparison_id uuid, now timestamptz
-- returns: nothing
INSERT INTO approval_carry (
    org_id, from_revision_id, from_manifest_sha256, to_revision_id, to_manifest_sha256, comparison_id, carried_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7)
