-- params: plan_id uuid, names text[], kinds text[], amounts int8[], windows text[], aligns text[], algorithms text[], bursts int8[]
-- returns: none
INSERT INTO plan_limit (plan_id, position, name, kind, amount, window_length, align, algorithm, burst)
SELECT $1, (l.place - 1)::smallint, l.name, l.kind, l.amount, l.window_length, l.align, l.algorithm, l.burst
FROM unnest($2::text[], $3::text[], $4::int8[], $5::text[], $6::text[], $7::text[], $8::int8[]) WITH ORDINALITY
    AS l (name, kind, amount, window_length, align, algorithm, burst, place)
