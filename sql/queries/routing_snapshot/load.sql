-- params: org_id uuid, environment_id uuid, generation int8
-- returns: generation int8, artefact bytea
-- uses index: generation_is_unique_in_its_environment
SELECT generation, artefact FROM routing_snapshot
WHERE org_id = $1 AND environment_id = $2 AND generation = $3
