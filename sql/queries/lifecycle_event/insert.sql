-- params: id uuid, org_id uuid, api_version_id uuid, environment_id uuid, event text, from_state text, to_state text, reason text, evidence jsonb, member_id uuid, now timestamptz
-- returns: nothing
INSERT INTO lifecycle_event (
    id, org_id, api_version_id, environment_id, event, from_state, to_state, reason, evidence, member_id, occurred_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
