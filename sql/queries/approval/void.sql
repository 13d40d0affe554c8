-- Takes approvals back, but for those that a release stands on.
-- params: revision_ids uuid[]
-- returns: nothing
DELETE FROM approval
WHERE revision_id = ANY ($1::uuid[])
    AND NOT EXISTS (
        SELECT 1 FROM release r
        WHERE r.revision_id = approval.revision_id AND r.manifest_sha256 = approval.manifest_sha256
    )
    AND NOT EXISTS (
        SELECT 1 FROM approval c JOIN release r ON r.revision_id = c.revision_id AND r.manifest_sha256 = c.manifest_sha256
        WHERE c.revision_id = approval.revision_id AND c.carried_from_sha256 = approval.manifest_sha256
    )
