-- params: id uuid, org_id uuid, slug text, title text, managed_by text?, now timestamptz
-- returns: nothing
INSERT INTO ruleset (id, org_id, slug, title, managed_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)
