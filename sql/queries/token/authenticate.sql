-- Who shows this token, if it is good at this moment.
-- params: sha256 bytea, now timestamptz
-- returns: id uuid, org_id uuid, member_id uuid, last_used_at timestamptz, member text, kind text
-- uses index: token_is_unique
SELECT t.id, t.org_id, t.member_id, t.last_used_at, m.slug AS member, m.kind
FROM token t
JOIN member m ON m.id = t.member_id
WHERE t.sha256 = $1
    AND t.revoked_at IS NULL
    AND (t.expires_at IS NULL OR t.expires_at > $2)
    AND m.disabled_at IS NULL
