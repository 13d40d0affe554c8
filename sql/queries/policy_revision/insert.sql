-- params: policy_id uuid, number int4, terms jsonb, now timestamptz
-- returns: nothing
INSERT INTO policy_revision (policy_id, number, terms, created_at) VALUES ($1, $2, $3, $4)
