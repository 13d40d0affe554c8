-- params: id uuid, title text, description text, mode text, selector jsonb, stages jsonb, breaking_changes jsonb, managed_by text?, now timestamptz
-- returns: revision int4
UPDATE policy SET title = $2, description = $3, mode = $4, selector = $5, stages = $6, breaking_changes = $7, managed_by = $8,
    updated_at = $9, revision = revision + 1
WHERE id = $1
RETURNING revision
