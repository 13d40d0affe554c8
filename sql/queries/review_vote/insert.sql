-- params: id uuid, org_id uuid, revision_id uuid, member_id uuid, decision text, comment text, manifest_sha256 bytea, now timestamptz
-- returns: nothing
INSERT INTO review_vote (id, org_id, revision_id, member_id, decision, comment, manifest_sha256, cast_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
