-- params: id uuid, is_granted bool, decided_by uuid, now timestamptz, comment text
-- returns: nothing
UPDATE waiver SET is_granted = $2, decided_by = $3, decided_at = $4, decision_comment = $5 WHERE id = $1
