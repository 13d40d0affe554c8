-- Withdraws what is pending and closes what is accepted or paused of an application that goes.
-- params: application_id uuid, reason text, now timestamptz
-- returns: id uuid
UPDATE subscription SET
    event = CASE WHEN state = 'pending' THEN 'withdraw' ELSE 'close' END,
    state = CASE WHEN state = 'pending' THEN 'withdrawn' ELSE 'closed' END,
    provider_paused_at = NULL,
    consumer_paused_at = NULL,
    closed_at = CASE WHEN state <> 'pending' THEN $3::timestamptz END,
    close_reason = $2,
    updated_at = $3,
    etag = etag + 1
WHERE application_id = $1 AND state IN ('pending', 'accepted', 'paused')
RETURNING id
