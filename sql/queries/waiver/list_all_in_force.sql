-- The waivers of all APIs that hold at a moment.
-- params: org_id uuid, now timestamptz
-- returns: id uuid, api_id uuid, api text, team_id uuid, rule text, json_pointer text?, fingerprint bytea?, reason text, requested_by text, requested_at timestamptz, expires_at timestamptz, is_granted bool?, decided_by text?, decided_at timestamptz?, decision_comment text, revoked_at timestamptz?, revocation_reason text?
SELECT w.id, w.api_id, a.slug AS api, a.team_id, w.rule, w.json_pointer, w.fingerprint, w.reason, q.slug AS requested_by, w.requested_at,
    w.expires_at, w.is_granted, d.slug AS decided_by, w.decided_at, w.decision_comment, w.revoked_at, w.revocation_reason
FROM waiver w
JOIN api a ON a.id = w.api_id
JOIN member q ON q.id = w.requested_by
LEFT JOIN member d ON d.id = w.decided_by
WHERE w.org_id = $1 AND w.is_granted AND w.revoked_at IS NULL AND w.expires_at > $2
ORDER BY w.id
