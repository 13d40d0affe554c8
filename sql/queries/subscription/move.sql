-- A step of a subscription's life. What is null stays as it was, but for the pauses, which are as given.
-- params: id uuid, event text, state text, is_paused_by_provider bool, is_paused_by_consumer bool, decided_by uuid?, decision_comment text?, close_reason text?, now timestamptz
-- returns: etag int8
UPDATE subscription SET
    event = $2,
    state = $3,
    provider_paused_at = CASE WHEN $4::bool THEN coalesce(provider_paused_at, $9) END,
    consumer_paused_at = CASE WHEN $5::bool THEN coalesce(consumer_paused_at, $9) END,
    decided_by = coalesce($6, decided_by),
    decision_comment = coalesce($7, decision_comment),
    decided_at = CASE WHEN $3 = 'withdrawn' THEN NULL ELSE coalesce(decided_at, $9) END,
    close_reason = coalesce($8, close_reason),
    closed_at = CASE WHEN $3 = 'closed' THEN coalesce(closed_at, $9) END,
    updated_at = $9,
    etag = etag + 1
WHERE id = $1
RETURNING etag
