-- A page of APIs by name; null narrows nothing.
-- params: org_id uuid, after text, teams uuid[], team text, label_key text, label_value text, words text, row_count int8
-- returns: id uuid, org_id uuid, team_id uuid, team text, slug text, title text, description text, visibility text, base_path text, hosts text[], access text, security text, versioning text, request_headers text, passthrough text, etag int8, created_at timestamptz, updated_at timestamptz, archived_at timestamptz, labels text
-- uses index: api_name_is_unique
SELECT a.id, a.org_id, a.team_id, t.slug AS team, a.slug, a.title, a.description, a.visibility, a.base_path, a.hosts, a.access,
    a.security, a.versioning::text AS versioning, a.request_headers::text AS request_headers,
    a.passthrough::text AS passthrough, a.etag, a.created_at, a.updated_at, a.archived_at,
    (SELECT coalesce(jsonb_object_agg(l.key, l.value), '{}') FROM api_label l WHERE l.api_id = a.id)::text AS labels
FROM api a
JOIN team t ON t.id = a.team_id
WHERE a.org_id = $1
    AND a.slug > $2
    AND ($3::uuid[] IS NULL OR a.visibility <> 'private' OR a.team_id = ANY ($3::uuid[]))
    AND ($4::text IS NULL OR t.slug = $4::text)
    AND (
        $5::text IS NULL
        OR EXISTS (
            SELECT 1 FROM api_label l
            WHERE l.api_id = a.id AND l.key = $5::text AND ($6::text IS NULL OR l.value = $6::text)
        )
    )
    AND (
        $7::text IS NULL
        OR to_tsvector('simple', a.slug || ' ' || a.title || ' ' || a.description) @@ plainto_tsquery('simple', $7::text)
        OR a.slug LIKE '%' || replace(replace(replace($7::text, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    )
ORDER BY a.slug
LIMIT $8
