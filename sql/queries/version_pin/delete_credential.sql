-- params: credential_id uuid, api_id uuid
-- returns: none
DELETE FROM version_pin WHERE credential_id = $1 AND api_id = $2
