-- params: ruleset_id uuid, number int4
-- returns: bytes bytea, sha256 bytea
SELECT bytes, sha256 FROM ruleset_revision WHERE ruleset_id = $1 AND number = $2
