-- params: org_id uuid
-- returns: found bool
SELECT EXISTS (
    SELECT 1 FROM role_binding b JOIN member m ON m.id = b.member_id
    WHERE b.org_id = $1 AND b.role = 'org-admin' AND m.disabled_at IS NULL
) AS found
