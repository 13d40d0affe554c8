-- params: id uuid, org_id uuid, slug text, title text, description text, mode text, selector jsonb, stages jsonb, breaking_changes jsonb, managed_by text?, now timestamptz
-- returns: nothing
INSERT INTO policy (
    id, org_id, slug, title, description, mode, selector, stages, breaking_changes, managed_by, created_at, updated_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
