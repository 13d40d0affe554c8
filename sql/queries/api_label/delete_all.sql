-- params: api_id uuid
-- returns: nothing
DELETE FROM api_label WHERE api_id = $1
