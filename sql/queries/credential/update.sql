-- What a manifest may change on a credential.
-- params: id uuid, note text, starts_at timestamptz?, expires_at timestamptz?, managed_by text?
-- returns: none
UPDATE credential SET note = $2, starts_at = $3, expires_at = $4, managed_by = $5
WHERE id = $1
