-- params: revision_id uuid
-- returns: id uuid, member_id uuid, member text, decision text, comment text, manifest_sha256 bytea, cast_at timestamptz
-- uses index: review_vote_by_revision
SELECT w.id, w.member_id, m.slug AS member, w.decision, w.comment, w.manifest_sha256, w.cast_at
FROM review_vote w
JOIN member m ON m.id = w.member_id
WHERE w.revision_id = $1
ORDER BY w.id
