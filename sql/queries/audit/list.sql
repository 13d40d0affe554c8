-- A page of the audit, the newest first; null narrows nothing.
-- params: org_id uuid, before int8, teams uuid[], subject_kind text, subject_id uuid, member_id uuid, action text, row_count int8
-- returns: org_id uuid, sequence int8, id uuid, occurred_at timestamptz, member_id uuid, actor text, authentication text, token_id uuid, action text, subject_kind text, subject_id uuid, subject text, team_id uuid, request_id text, address text, user_agent text, detail text, prev_hash bytea, hash bytea
-- uses index: audit_sequence_is_unique
SELECT org_id, sequence, id, occurred_at, member_id, actor, authentication, token_id, action, subject_kind, subject_id,
    subject, team_id, request_id, address, user_agent, detail::text AS detail, prev_hash, hash
FROM audit
WHERE org_id = $1
    AND sequence < coalesce($2::int8, 9223372036854775807)
    AND ($3::uuid[] IS NULL OR team_id = ANY ($3::uuid[]))
    AND ($4::text IS NULL OR subject_kind = $4::text)
    AND ($5::uuid IS NULL OR subject_id = $5::uuid)
    AND ($6::uuid IS NULL OR member_id = $6::uuid)
    AND ($7::text IS NULL OR action = $7::text)
ORDER BY sequence DESC
LIMIT $8
