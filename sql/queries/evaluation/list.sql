-- The results of checks of several documents with several rulesets.
-- params: org_id uuid, content_sha256s bytea[], ruleset_sha256s bytea[], engine text
-- returns: id uuid, ruleset text, content_sha256 bytea, ruleset_sha256 bytea, engine text, outcome text, errors int4, warnings int4, informations int4, hints int4, failure text?, started_at timestamptz, finished_at timestamptz
-- uses index: content_is_evaluated_once_by_a_ruleset
SELECT id, ruleset, content_sha256, ruleset_sha256, engine, outcome, errors, warnings, informations, hints, failure, started_at,
    finished_at
FROM evaluation
WHERE org_id = $1 AND content_sha256 = ANY ($2::bytea[]) AND ruleset_sha256 = ANY ($3::bytea[]) AND engine = $4
