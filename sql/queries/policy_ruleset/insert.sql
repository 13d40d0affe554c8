-- All rulesets of a policy in their order; revision 0 stands for a built-in one, a name that is not in use is left out.
-- params: policy_id uuid, org_id uuid, names text[], revisions int4[]
-- returns: nothing
INSERT INTO policy_ruleset (policy_id, position, built_in, ruleset_id, revision_number)
SELECT $1, x.place - 1, CASE WHEN x.revision = 0 THEN x.name END, r.id, nullif(x.revision, 0)
FROM unnest($3::text[], $4::int4[]) WITH ORDINALITY AS x (name, revision, place)
LEFT JOIN ruleset r ON x.revision > 0 AND r.org_id = $2 AND r.slug = x.name AND r.deleted_at IS NULL
WHERE x.revision = 0 OR r.id IS NOT NULL
