-- params: org_id uuid, slug text
-- returns: id uuid, slug text, title text, created_at timestamptz
SELECT id, slug, title, created_at FROM team WHERE org_id = $1 AND slug = $2
