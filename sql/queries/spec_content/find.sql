-- params: org_id uuid, sha256 bytea
-- returns: id uuid
-- uses index: content_is_stored_once
SELECT id FROM spec_content WHERE org_id = $1 AND sha256 = $2
