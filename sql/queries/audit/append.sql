-- The trigger audit_is_chained sets sequence, prev_hash and hash.
-- params: org_id uuid, id uuid, occurred_at timestamptz, member_id uuid, actor text, authentication text, token_id uuid, action text, subject_kind text, subject_id uuid, subject text, team_id uuid, request_id text, address text, user_agent text, detail jsonb
-- returns: nothing
INSERT INTO audit (
    org_id, id, occurred_at, member_id, actor, authentication, token_id, action, subject_kind, subject_id, subject,
    team_id, request_id, address, user_agent, detail
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
