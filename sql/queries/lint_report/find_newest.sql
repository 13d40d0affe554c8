-- params: org_id uuid, revision_id uuid
-- returns: id uuid, ruleset text, result text, errors int4, warnings int4, informations int4, hints int4, started_at timestamptz, finished_at timestamptz, failure text
SELECT id, ruleset, result, errors, warnings, informations, hints, started_at, finished_at, failure
FROM lint_report
WHERE org_id = $1 AND revision_id = $2
ORDER BY id DESC
LIMIT 1
