-- Writes nothing where somebody else was first: the result is the same.
-- params: id uuid, org_id uuid, content_sha256 bytea, ruleset_sha256 bytea, engine text, ruleset text, outcome text, errors int4, warnings int4, informations int4, hints int4, failure text?, started_at timestamptz, finished_at timestamptz
-- returns: nothing
INSERT INTO evaluation (
    id, org_id, content_sha256, ruleset_sha256, engine, ruleset, outcome, errors, warnings, informations, hints, failure,
    started_at, finished_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (org_id, content_sha256, ruleset_sha256, engine) DO NOTHING
