-- params: id uuid, slug text, title text, now timestamptz
-- returns: nothing
INSERT INTO org (id, slug, title, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (slug) DO NOTHING
