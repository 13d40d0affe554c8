-- params: id uuid, org_id uuid, slug text, title text, now timestamptz
-- returns: nothing
INSERT INTO team (id, org_id, slug, title, created_at) VALUES ($1, $2, $3, $4, $5)
