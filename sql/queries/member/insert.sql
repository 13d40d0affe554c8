-- params: id uuid, org_id uuid, kind text, slug text, title text, email text, responsible_member_id uuid, now timestamptz
-- returns: nothing
INSERT INTO member (id, org_id, kind, slug, title, email, responsible_member_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
