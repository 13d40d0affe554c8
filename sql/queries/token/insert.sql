-- params: id uuid, org_id uuid, member_id uuid, title text, start text, sha256 bytea, now timestamptz, expires_at timestamptz
-- returns: nothing
INSERT INTO token (id, org_id, member_id, title, start, sha256, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
