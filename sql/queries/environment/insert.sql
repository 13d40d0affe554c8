-- params: id uuid, org_id uuid, slug text, rank int4, now timestamptz
-- returns: nothing
INSERT INTO environment (id, org_id, slug, rank, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (org_id, slug) DO NOTHING
