-- params: org_id uuid, member_id uuid, role text, team_id uuid
-- returns: nothing
DELETE FROM role_binding
WHERE org_id = $1 AND member_id = $2 AND role = $3 AND team_id IS NOT DISTINCT FROM $4::uuid
