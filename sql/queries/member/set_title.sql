-- params: org_id uuid, id uuid, title text
-- returns: nothing
UPDATE member SET title = $3 WHERE org_id = $1 AND id = $2
