-- params: org_id uuid, ruleset_id uuid, number int4, bytes bytea, sha256 bytea, canonical_sha256 bytea, rule_count int4, message text, created_by uuid?, now timestamptz
-- returns: nothing
INSERT INTO ruleset_revision (
    org_id, ruleset_id, number, bytes, sha256, canonical_sha256, rule_count, message, created_by, created_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
