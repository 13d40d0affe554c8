-- An API by name; a private one of another team is not found.
-- params: org_id uuid, slug text, teams uuid[]
-- returns: id uuid, org_id uuid, team_id uuid, team text, slug text, title text, description text, visibility text, base_path text, hosts text[], access text, security text, versioning text, request_headers text, passthrough text, etag int8, created_at timestamptz, updated_at timestamptz, archived_at timestamptz, labels text
-- uses index: api_name_is_unique
SELECT a.id, a.org_id, a.team_id, t.slug AS team, a.slug, a.title, a.description, a.visibility, a.base_path, a.hosts, a.access,
    a.security, a.versioning::text AS versioning, a.request_headers::text AS request_headers,
    a.passthrough::text AS passthrough, a.etag, a.created_at, a.updated_at, a.archived_at,
    (SELECT coalesce(jsonb_object_agg(l.key, l.value), '{}') FROM api_label l WHERE l.api_id = a.id)::text AS labels
FROM api a
JOIN team t ON t.id = a.team_id
WHERE a.org_id = $1 AND a.slug = $2 AND ($3::uuid[] IS NULL OR a.visibility <> 'private' OR a.team_id = ANY ($3::uuid[]))
