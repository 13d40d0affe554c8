-- A page of a ruleset's revisions, the newest first.
-- params: ruleset_id uuid, before int4?, row_count int8
-- returns: number int4, sha256 bytea, canonical_sha256 bytea, rule_count int4, message text, created_by text?, created_at timestamptz
-- uses index: ruleset_revision_number_is_unique
SELECT v.number, v.sha256, v.canonical_sha256, v.rule_count, v.message, m.slug AS created_by, v.created_at
FROM ruleset_revision v
LEFT JOIN member m ON m.id = v.created_by
WHERE v.ruleset_id = $1 AND v.number < coalesce($2::int4, 2147483647)
ORDER BY v.number DESC
LIMIT $3
