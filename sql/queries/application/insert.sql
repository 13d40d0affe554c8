-- params: id uuid, org_id uuid, team_id uuid, slug text, title text, managed_by text?, now timestamptz
-- returns: none
INSERT INTO application (id, org_id, team_id, slug, title, managed_by, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
