-- Documents wait for a check; one that waits for it already does not wait twice.
-- params: ids uuid[], org_id uuid, spec_content_ids uuid[], built_in text?, ruleset_id uuid?, revision_number int4?, now timestamptz
-- returns: nothing
INSERT INTO evaluation_task (id, org_id, spec_content_id, built_in, ruleset_id, revision_number, enqueued_at, not_before)
SELECT x.id, $2, x.spec_content_id, $4, $5, $6, $7, $7
FROM unnest($1::uuid[], $3::uuid[]) AS x (id, spec_content_id)
ON CONFLICT (spec_content_id, built_in, ruleset_id, revision_number) DO NOTHING
