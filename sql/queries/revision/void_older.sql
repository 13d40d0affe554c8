-- A newer revision voids what is not released.
-- params: api_version_id uuid, number int4
-- returns: id uuid, number int4
UPDATE revision SET review_state = 'draft', decided_at = NULL
WHERE api_version_id = $1
    AND number < $2
    AND review_state IN ('in_review', 'changes_requested', 'approved')
    AND NOT EXISTS (SELECT 1 FROM release x WHERE x.revision_id = revision.id)
RETURNING id, number
