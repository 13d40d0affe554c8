-- params: org_id uuid, revision_id uuid, compiler text, body bytea, now timestamptz
-- returns: nothing
INSERT INTO compiled_revision (org_id, revision_id, compiler, body, compiled_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (revision_id, compiler) DO UPDATE SET body = excluded.body, compiled_at = excluded.compiled_at
