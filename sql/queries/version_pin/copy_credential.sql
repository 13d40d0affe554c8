-- The next key starts with the pins of the one it replaces.
-- params: from_credential_id uuid, to_credential_id uuid
-- returns: none
INSERT INTO version_pin (id, org_id, credential_id, api_id, api_version_id, mode, expires_at, reason, pinned_by, pinned_at)
SELECT gen_random_uuid(), org_id, $2, api_id, api_version_id, mode, expires_at, reason, pinned_by, pinned_at
FROM version_pin
WHERE credential_id = $1
