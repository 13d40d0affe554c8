-- params: id uuid
-- returns: number int4
UPDATE ruleset SET last_revision_number = last_revision_number + 1 WHERE id = $1 RETURNING last_revision_number AS number
