-- params: org_id uuid, revision_id uuid, member_ids uuid[]
-- returns: nothing
INSERT INTO revision_author (org_id, revision_id, member_id)
SELECT $1, $2, m.id FROM unnest($3::uuid[]) AS m (id)
ON CONFLICT (revision_id, member_id) DO NOTHING
