-- Keeps what is young enough and not too much of it.
-- params: environment_id uuid, before timestamptz, kept_count int8
-- returns: nothing
-- uses index: request_denial_by_time
DELETE FROM request_denial
WHERE environment_id = $1
    AND occurred_at < greatest(
        $2::timestamptz,
        (
            SELECT d.occurred_at FROM request_denial d
            WHERE d.environment_id = $1 ORDER BY d.occurred_at DESC OFFSET $3::int8 LIMIT 1
        )
    )
