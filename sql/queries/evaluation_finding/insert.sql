-- All findings of an evaluation at once.
-- params: evaluation_id uuid, findings jsonb
-- returns: nothing
INSERT INTO evaluation_finding (
    evaluation_id, number, rule, severity, message, help, documentation_url, json_pointer, path, start_line,
    start_character, end_line, end_character, fingerprint
)
SELECT $1, f.number, f.rule, f.severity, f.message, f.help, f."documentationURL", f.pointer, f.path, f."startLine",
    f."startCharacter", f."endLine", f."endCharacter", decode(f.fingerprint, 'hex')
FROM jsonb_to_recordset($2::jsonb) AS f (
    number int4, rule text, severity int2, message text, help text, "documentationURL" text, pointer text, path jsonb,
    "startLine" int4, "startCharacter" int4, "endLine" int4, "endCharacter" int4, fingerprint text
)
