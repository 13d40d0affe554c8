-- params: spec_content_id uuid
-- returns: bytes bytea
SELECT c.bytes FROM spec_content c WHERE c.id = $1
