-- The same as find, held until the transaction ends: revisions are numbered one after another.
-- params: org_id uuid, slug text
-- returns: id uuid, slug text, title text, managed_by text?, made_at timestamptz, number int4, sha256 bytea, canonical_sha256 bytea, rule_count int4, message text, created_by text?, created_at timestamptz
SELECT r.id, r.slug, r.title, r.managed_by, r.created_at AS made_at, v.number, v.sha256, v.canonical_sha256, v.rule_count, v.message,
    m.slug AS created_by, v.created_at
FROM ruleset r
JOIN ruleset_revision v ON v.ruleset_id = r.id AND v.number = r.last_revision_number
LEFT JOIN member m ON m.id = v.created_by
WHERE r.org_id = $1 AND r.slug = $2 AND r.deleted_at IS NULL
FOR NO KEY UPDATE OF r
