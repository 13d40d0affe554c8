-- The audit in the order of its chain.
-- params: org_id uuid, after int8, row_count int8
-- returns: org_id uuid, sequence int8, id uuid, occurred_at timestamptz, member_id uuid, actor text, authentication text, token_id uuid, action text, subject_kind text, subject_id uuid, subject text, team_id uuid, request_id text, address text, user_agent text, detail text, prev_hash bytea, hash bytea
-- uses index: audit_sequence_is_unique
SELECT org_id, sequence, id, occurred_at, member_id, actor, authentication, token_id, action, subject_kind, subject_id,
    subject, team_id, request_id, address, user_agent, detail::text AS detail, prev_hash, hash
FROM audit
WHERE org_id = $1 AND sequence > $2
ORDER BY sequence
LIMIT $3
