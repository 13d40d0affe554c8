-- params: revision_ids uuid[], compiler text
-- returns: revision_id uuid, body bytea
-- uses index: revision_is_compiled_once
SELECT revision_id, body FROM compiled_revision WHERE revision_id = ANY ($1::uuid[]) AND compiler = $2
