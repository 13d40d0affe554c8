-- How requests are spread over an upstream's targets and what happens when one fails.
ALTER TABLE upstream
    -- null: the default policy
    ADD COLUMN policy jsonb;
ALTER TABLE upstream
    ADD CONSTRAINT upstream_policy_is_an_object CHECK (jsonb_typeof(policy) = 'object');
