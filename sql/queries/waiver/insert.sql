-- params: id uuid, org_id uuid, api_id uuid, rule text, json_pointer text?, fingerprint bytea?, reason text, requested_by uuid, now timestamptz, expires_at timestamptz
-- returns: nothing
INSERT INTO waiver (id, org_id, api_id, rule, json_pointer, fingerprint, reason, requested_by, requested_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
