-- params: org_id uuid, id uuid
-- returns: id uuid, slug text, targets text, connect_timeout_ms int4, header_timeout_ms int4, idle_timeout_ms int4, policy text, sha256 bytea
SELECT id, slug, targets::text AS targets, connect_timeout_ms, header_timeout_ms, idle_timeout_ms, policy::text AS policy, sha256 FROM upstream WHERE org_id = $1 AND id = $2
