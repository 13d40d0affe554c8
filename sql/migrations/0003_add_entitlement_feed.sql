-- What gateways are told about consumers: one sequence that only goes forward, and a log of what changed at each step.
--
-- The log says *which* record changed, not how: a delta is read from the records themselves in one snapshot of the database,
-- so it can never disagree with them. Triggers write it, so that nobody can change an entitlement and forget to tell the
-- gateways, not even with psql. They are deferred to the commit: the sequence's row lock is then taken last, held only
-- until the commit is done, and makes the order of the sequence the order of the commits, without gaps.

CREATE TABLE entitlement_clock (
    -- one row
    is_only boolean PRIMARY KEY DEFAULT true,
    sequence bigint NOT NULL,
    -- the log is complete for sequences greater than this one; older readers need a base
    floor bigint NOT NULL,
    CONSTRAINT entitlement_clock_is_one CHECK (is_only),
    CONSTRAINT entitlement_log_ends_at_its_clock CHECK (floor BETWEEN 0 AND sequence)
);
INSERT INTO entitlement_clock (sequence, floor) VALUES (0, 0);

CREATE TABLE entitlement_change (
    sequence bigint NOT NULL,
    org_id uuid NOT NULL,
    -- null: concerns every environment
    environment_id uuid,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT entitlement_change_is_logged_once UNIQUE (sequence, kind, subject_id),
    CONSTRAINT entitlement_kind_is_known CHECK (kind IN ('application', 'credential', 'subscription', 'plan'))
);
CREATE INDEX entitlement_change_by_age ON entitlement_change (changed_at);

CREATE FUNCTION entitlement_clock_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.sequence < OLD.sequence OR NEW.floor < OLD.floor THEN
        RAISE EXCEPTION 'the sequence of entitlements only goes forward'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_clock_goes_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entitlement_clock_goes_forward BEFORE UPDATE OR DELETE ON entitlement_clock
    FOR EACH ROW EXECUTE FUNCTION entitlement_clock_goes_forward();

-- The sequence of this transaction: the next one at the first call, the same one at every other.
CREATE FUNCTION entitlement_sequence() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    taken text := current_setting('gatehouse.entitlement_sequence', true);
    next_sequence bigint;
BEGIN
    IF taken <> '' THEN
        RETURN taken::bigint;
    END IF;
    UPDATE entitlement_clock SET sequence = sequence + 1 RETURNING sequence INTO STRICT next_sequence;
    PERFORM set_config('gatehouse.entitlement_sequence', next_sequence::text, true);
    RETURN next_sequence;
END $$;

CREATE FUNCTION log_entitlement(org uuid, environment uuid, what text, which uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO entitlement_change (sequence, org_id, environment_id, kind, subject_id, changed_at)
    VALUES (entitlement_sequence(), org, environment, what, which, clock_timestamp())
    ON CONFLICT ON CONSTRAINT entitlement_change_is_logged_once DO NOTHING;
    -- The notice only saves waiting: readers look again anyway. A full queue would make the commit fail, and a revocation
    -- must not fail because somebody else's session does not read its notices.
    IF pg_notification_queue_usage() < 0.9 THEN
        PERFORM pg_notify('gatehouse_entitlements', coalesce((SELECT e.slug FROM environment e WHERE e.id = environment), ''));
    END IF;
END $$;

CREATE FUNCTION application_is_logged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM log_entitlement(NEW.org_id, NULL, 'application', NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER application_is_logged AFTER INSERT OR UPDATE OF slug, archived_at ON application
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION application_is_logged();

CREATE FUNCTION credential_is_logged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM log_entitlement(NEW.org_id, NEW.environment_id, 'credential', NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER credential_is_logged AFTER INSERT OR UPDATE OF starts_at, expires_at, grace_until, revoked_at
    ON credential
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION credential_is_logged();

CREATE FUNCTION subscription_is_logged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM log_entitlement(NEW.org_id, NEW.environment_id, 'subscription', NEW.id);
    RETURN NULL;
END $$;
-- A pending request is nothing to the gate; so is its rejection.
CREATE CONSTRAINT TRIGGER accepted_subscription_is_logged AFTER INSERT ON subscription
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'accepted') EXECUTE FUNCTION subscription_is_logged();
CREATE CONSTRAINT TRIGGER changed_subscription_is_logged AFTER UPDATE OF state, plan_id, starts_at, ends_at ON subscription
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state IN ('accepted', 'paused') OR NEW.state IN ('accepted', 'paused')) EXECUTE FUNCTION subscription_is_logged();

CREATE FUNCTION pin_is_logged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pin version_pin;
BEGIN
    IF TG_OP = 'DELETE' THEN pin := OLD; ELSE pin := NEW; END IF;
    PERFORM log_entitlement(s.org_id, s.environment_id, 'subscription', s.id) FROM subscription s
    WHERE s.id = pin.subscription_id AND s.state IN ('accepted', 'paused');
    PERFORM log_entitlement(c.org_id, c.environment_id, 'credential', c.id) FROM credential c
    WHERE c.id = pin.credential_id AND c.revoked_at IS NULL;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pin_is_logged AFTER INSERT OR UPDATE OR DELETE ON version_pin
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pin_is_logged();

-- A plan's change reaches every subscription to it; whoever reads the log looks them up.
CREATE FUNCTION plan_is_logged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM log_entitlement(NEW.org_id, NULL, 'plan', NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER plan_is_logged AFTER UPDATE OF operations, slug ON plan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION plan_is_logged();

CREATE FUNCTION plan_limit_is_logged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed uuid;
BEGIN
    IF TG_OP = 'DELETE' THEN changed := OLD.plan_id; ELSE changed := NEW.plan_id; END IF;
    PERFORM log_entitlement(p.org_id, NULL, 'plan', p.id) FROM plan p WHERE p.id = changed;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER plan_limit_is_logged AFTER INSERT OR UPDATE OR DELETE ON plan_limit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION plan_limit_is_logged();
