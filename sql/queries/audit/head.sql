-- The chain's end as it is kept beside the rows.
-- params: org_id uuid
-- returns: sequence int8, hash bytea
SELECT sequence, hash FROM audit_head WHERE org_id = $1
