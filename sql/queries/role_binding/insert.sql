-- params: id uuid, org_id uuid, member_id uuid, role text, team_id uuid, now timestamptz
-- returns: nothing
INSERT INTO role_binding (id, org_id, member_id, role, team_id, bound_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (member_id, role, team_id) DO NOTHING
