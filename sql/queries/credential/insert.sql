-- params: id uuid, org_id uuid, application_id uuid, environment_id uuid, slug text?, start text, is_imported bool, sha256 bytea, note text, managed_by text?, created_by uuid?, now timestamptz, starts_at timestamptz?, expires_at timestamptz?
-- returns: none
INSERT INTO credential (
    id, org_id, application_id, environment_id, slug, start, is_imported, sha256, note, managed_by, created_by, created_at,
    starts_at, expires_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
