-- params: org_id uuid, id uuid
-- returns: id uuid, slug text, title text, created_at timestamptz
SELECT id, slug, title, created_at FROM team WHERE org_id = $1 AND id = $2
