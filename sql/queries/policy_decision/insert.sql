-- params: id uuid, org_id uuid, policy_id uuid, policy_revision int4, stage text, revision_id uuid?, subject text, content_sha256 bytea, ruleset_sha256s bytea[], engine text, mode text, outcome text, action text, effect text, waiver_ids uuid[], now timestamptz, base_sha256 bytea?, breaking_count int4?
-- returns: nothing
INSERT INTO policy_decision (
    id, org_id, policy_id, policy_revision, stage, revision_id, subject, content_sha256, ruleset_sha256s, engine, mode, outcome,
    action, effect, waiver_ids, decided_at, base_sha256, breaking_count
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
