-- A page of the policies in use by name.
-- params: org_id uuid, after text, row_count int8
-- returns: id uuid, slug text, title text, description text, mode text, selector text, stages text, breaking_changes text, revision int4, managed_by text?, created_at timestamptz, updated_at timestamptz, ruleset_names text[], ruleset_revisions int4[]
-- uses index: policy_name_is_unique
SELECT p.id, p.slug, p.title, p.description, p.mode, p.selector::text AS selector, p.stages::text AS stages,
    p.breaking_changes::text AS breaking_changes, p.revision, p.managed_by, p.created_at, p.updated_at,
    ARRAY(
        SELECT coalesce(x.built_in, r.slug) FROM policy_ruleset x LEFT JOIN ruleset r ON r.id = x.ruleset_id
        WHERE x.policy_id = p.id ORDER BY x.position
    ) AS ruleset_names,
    ARRAY(
        SELECT coalesce(x.revision_number, 0) FROM policy_ruleset x WHERE x.policy_id = p.id ORDER BY x.position
    ) AS ruleset_revisions
FROM policy p
WHERE p.org_id = $1 AND p.slug > $2 AND p.deleted_at IS NULL
ORDER BY p.slug
LIMIT $3
