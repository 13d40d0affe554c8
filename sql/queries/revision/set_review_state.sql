-- params: id uuid, review_state text, decided_at timestamptz
-- returns: nothing
UPDATE revision SET review_state = $2, decided_at = $3 WHERE id = $1
