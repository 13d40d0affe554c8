-- Writes nothing where somebody else was first: the result is the same.
-- params: id uuid, org_id uuid, base_sha256 bytea, revision_sha256 bytea, engine text, required_bump text, errors int4, warnings int4, informations int4, documentation_edits jsonb, is_only_documentation bool, failure text?, compared_at timestamptz
-- returns: nothing
INSERT INTO comparison (
    id, org_id, base_sha256, revision_sha256, engine, required_bump, errors, warnings, informations, documentation_edits,
    is_only_documentation, failure, compared_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (org_id, base_sha256, revision_sha256, engine) DO NOTHING
