-- params: id uuid, org_id uuid, credential_id uuid, api_id uuid, api_version_id uuid, mode text, expires_at timestamptz?, reason text, pinned_by uuid?, now timestamptz
-- returns: none
INSERT INTO version_pin (id, org_id, credential_id, api_id, api_version_id, mode, expires_at, reason, pinned_by, pinned_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT ON CONSTRAINT credential_has_one_pin_for_an_api DO UPDATE SET
    api_version_id = excluded.api_version_id, mode = excluded.mode, expires_at = excluded.expires_at,
    reason = excluded.reason, pinned_by = excluded.pinned_by, pinned_at = excluded.pinned_at
