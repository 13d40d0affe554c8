-- params: id uuid, org_id uuid, revision_id uuid, ruleset text, result text, errors int4, warnings int4, informations int4, hints int4, started_at timestamptz, finished_at timestamptz, failure text
-- returns: nothing
INSERT INTO lint_report (
    id, org_id, revision_id, ruleset, result, errors, warnings, informations, hints, started_at, finished_at, failure
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
