-- params: org_id uuid, base_sha256 bytea, revision_sha256 bytea, engine text
-- returns: id uuid, required_bump text, errors int4, warnings int4, informations int4, documentation_edits text, is_only_documentation bool, failure text?, compared_at timestamptz
-- uses index: documents_are_compared_once
SELECT id, required_bump, errors, warnings, informations, documentation_edits::text AS documentation_edits,
    is_only_documentation, failure, compared_at
FROM comparison
WHERE org_id = $1 AND base_sha256 = $2 AND revision_sha256 = $3 AND engine = $4
