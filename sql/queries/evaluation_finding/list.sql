-- params: evaluation_id uuid, row_count int8
-- returns: number int4, rule text, severity int2, message text, help text?, documentation_url text?, json_pointer text, path text, start_line int4, start_character int4, end_line int4, end_character int4, fingerprint bytea
-- uses index: evaluation_finding_number_is_unique
SELECT number, rule, severity, message, help, documentation_url, json_pointer, path::text AS path, start_line,
    start_character, end_line, end_character, fingerprint
FROM evaluation_finding
WHERE evaluation_id = $1
ORDER BY number
LIMIT $2
