-- params: id uuid, org_id uuid, api_id uuid, slug text, title text, approval text, operations text[]?, managed_by text?, now timestamptz
-- returns: none
INSERT INTO plan (id, org_id, api_id, slug, title, approval, operations, managed_by, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
