-- params: id uuid, org_id uuid, application_id uuid, api_id uuid, plan_id uuid, environment_id uuid, major int4?, state text, event text, is_automatic bool, slug text?, managed_by text?, comment text, requested_by uuid, starts_at timestamptz?, ends_at timestamptz?, now timestamptz, decided_at timestamptz?
-- returns: none
INSERT INTO subscription (
    id, org_id, application_id, api_id, plan_id, environment_id, major, state, event, is_automatic, slug, managed_by, comment,
    requested_by, starts_at, ends_at, created_at, updated_at, decided_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18)
