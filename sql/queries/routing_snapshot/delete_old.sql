-- Keeps the newest generations.
-- params: environment_id uuid, kept_count int8
-- returns: nothing
-- uses index: generation_is_unique_in_its_environment
DELETE FROM routing_snapshot
WHERE environment_id = $1 AND generation <= (SELECT e.generation FROM environment e WHERE e.id = $1) - $2::int8
