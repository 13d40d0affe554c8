-- params: org_id uuid, api_id uuid, keys text[], values text[]
-- returns: nothing
INSERT INTO api_label (org_id, api_id, key, value)
SELECT $1, $2, l.key, l.value FROM unnest($3::text[], $4::text[]) AS l (key, value)
