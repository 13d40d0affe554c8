-- A page of tokens in the order in which they were made; never their texts.
-- params: org_id uuid, member_id uuid, after uuid, row_count int8
-- returns: id uuid, member_id uuid, member text, title text, start text, created_at timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz
SELECT t.id, t.member_id, m.slug AS member, t.title, t.start, t.created_at, t.expires_at, t.revoked_at, t.last_used_at
FROM token t
JOIN member m ON m.id = t.member_id
WHERE t.org_id = $1
    AND ($2::uuid IS NULL OR t.member_id = $2::uuid)
    AND ($3::uuid IS NULL OR t.id > $3::uuid)
ORDER BY t.id
LIMIT $4
