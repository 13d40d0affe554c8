-- All changes of a comparison at once.
-- params: comparison_id uuid, changes jsonb
-- returns: nothing
INSERT INTO comparison_change (comparison_id, number, check_id, level, fingerprint, detail)
SELECT $1, (c.value ->> 'number')::int4, c.value ->> 'id', c.value ->> 'level', c.value ->> 'fingerprint', c.value
FROM jsonb_array_elements($2::jsonb) AS c (value)
