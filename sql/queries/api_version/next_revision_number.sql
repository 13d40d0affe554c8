-- params: id uuid
-- returns: last_revision_number int4
UPDATE api_version SET last_revision_number = last_revision_number + 1 WHERE id = $1
RETURNING last_revision_number
