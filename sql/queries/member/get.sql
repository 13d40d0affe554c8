-- params: org_id uuid, id uuid
-- returns: id uuid, kind text, slug text, title text, email text, responsible_member_id uuid, created_at timestamptz, disabled_at timestamptz, roles text
SELECT m.id, m.kind, m.slug, m.title, m.email, m.responsible_member_id, m.created_at, m.disabled_at,
    (
        SELECT coalesce(
            jsonb_agg(jsonb_build_object('role', b.role, 'team', t.slug, 'teamID', b.team_id) ORDER BY b.role, t.slug),
            '[]'
        )
        FROM role_binding b LEFT JOIN team t ON t.id = b.team_id WHERE b.member_id = m.id
    )::text AS roles
FROM member m
WHERE m.org_id = $1 AND m.id = $2
