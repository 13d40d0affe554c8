-- params: org_id uuid, id uuid
-- returns: id uuid, member_id uuid, member text, title text, start text, created_at timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz
SELECT t.id, t.member_id, m.slug AS member, t.title, t.start, t.created_at, t.expires_at, t.revoked_at, t.last_used_at
FROM token t
JOIN member m ON m.id = t.member_id
WHERE t.org_id = $1 AND t.id = $2
