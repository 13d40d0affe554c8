-- The consumers' side: plans, applications, subscriptions, credentials, pins, and the feed that tells the gateways.
-- Constraints carry sentences as names; CatalogStore maps each name to what the user is told.

-- Plans -----------------------------------------------------------------------------------------------------------------

CREATE TABLE plan (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    api_id uuid NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    approval text NOT NULL,
    -- null: grants every operation; otherwise ids of operations, sorted
    operations text[],
    -- null: kept by people; otherwise what keeps it
    managed_by text,
    etag bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT plan_name_is_unique UNIQUE (org_id, slug),
    CONSTRAINT plan_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT plan_belongs_to_its_api UNIQUE (api_id, id),
    CONSTRAINT plan_name_is_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    CONSTRAINT plan_title_is_not_too_long CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT plan_approval_is_known CHECK (approval IN ('automatic', 'manual')),
    CONSTRAINT plan_lists_at_most_10000_operations CHECK (cardinality(operations) <= 10000),
    CONSTRAINT plan_keeper_is_not_too_long CHECK (length(managed_by) BETWEEN 1 AND 60),
    CONSTRAINT api_of_a_plan_is_in_its_org FOREIGN KEY (org_id, api_id) REFERENCES api (org_id, id)
);
CREATE INDEX plan_by_api ON plan (api_id, id);

CREATE TABLE plan_limit (
    plan_id uuid NOT NULL REFERENCES plan (id),
    -- the place in the RateLimit field, from 0
    position smallint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    amount bigint NOT NULL,
    -- ISO 8601 duration
    window_length text NOT NULL,
    align text NOT NULL,
    algorithm text NOT NULL,
    -- requests beyond the even pace; 0 for fixed windows
    burst bigint NOT NULL,
    CONSTRAINT limit_has_its_place PRIMARY KEY (plan_id, position),
    CONSTRAINT limit_name_is_unique_in_its_plan UNIQUE (plan_id, name),
    CONSTRAINT plan_has_at_most_20_limits CHECK (position BETWEEN 0 AND 19),
    CONSTRAINT limit_name_is_well_formed CHECK (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    CONSTRAINT limit_kind_is_known CHECK (kind IN ('rate', 'quota')),
    CONSTRAINT limit_amount_is_in_range CHECK (amount BETWEEN 1 AND 1000000000000),
    CONSTRAINT limit_window_is_a_duration CHECK (window_length ~ '^P[0-9DWTHMSY]{2,28}$'),
    CONSTRAINT limit_alignment_is_known CHECK (align IN ('none', 'calendar')),
    CONSTRAINT limit_algorithm_is_known CHECK (algorithm IN ('gcra', 'fixed')),
    CONSTRAINT smoothing_is_for_rates CHECK (algorithm = 'fixed' OR kind = 'rate'),
    CONSTRAINT smoothing_is_not_aligned CHECK (algorithm = 'fixed' OR align = 'none'),
    CONSTRAINT burst_is_in_range CHECK (burst BETWEEN 0 AND 1000000000),
    CONSTRAINT fixed_window_has_no_burst CHECK (algorithm = 'gcra' OR burst = 0)
);

-- Applications ------------------------------------------------------------------------------------------------------------

CREATE TABLE application (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    team_id uuid NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    -- null: kept by people; otherwise what keeps it
    managed_by text,
    etag bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- null: in use
    archived_at timestamptz,
    CONSTRAINT application_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT application_name_is_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    CONSTRAINT application_title_is_not_too_long CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT application_keeper_is_not_too_long CHECK (length(managed_by) BETWEEN 1 AND 60),
    CONSTRAINT team_of_an_application_is_in_its_org FOREIGN KEY (org_id, team_id) REFERENCES team (org_id, id)
);
-- The name of an archived application is free again.
CREATE UNIQUE INDEX application_name_is_unique ON application (org_id, slug) WHERE archived_at IS NULL;
CREATE INDEX application_by_team ON application (team_id, id);

CREATE FUNCTION application_stays_archived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an archived application does not change'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'application_is_not_archived';
END $$;
CREATE TRIGGER application_stays_archived BEFORE UPDATE ON application
    FOR EACH ROW WHEN (OLD.archived_at IS NOT NULL) EXECUTE FUNCTION application_stays_archived();

-- What is made for an application waits for its archiving and then finds it archived.
CREATE FUNCTION application_is_not_archived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM application WHERE id = NEW.application_id AND archived_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the application is archived'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'application_is_not_archived';
    END IF;
    RETURN NEW;
END $$;

-- Subscriptions -----------------------------------------------------------------------------------------------------------

CREATE TABLE subscription_state (name text PRIMARY KEY);
INSERT INTO subscription_state (name) VALUES
    ('new'), ('pending'), ('accepted'), ('rejected'), ('withdrawn'), ('paused'), ('closed');
-- `new` is no state of a row: it is where a row comes from when it is inserted.
CREATE TABLE subscription_transition (
    from_state text NOT NULL REFERENCES subscription_state (name),
    event text NOT NULL,
    to_state text NOT NULL REFERENCES subscription_state (name),
    PRIMARY KEY (from_state, event, to_state)
);
INSERT INTO subscription_transition (from_state, event, to_state) VALUES
    ('new', 'request', 'pending'),
    ('new', 'accept', 'accepted'),
    ('pending', 'accept', 'accepted'),
    ('pending', 'reject', 'rejected'),
    ('pending', 'withdraw', 'withdrawn'),
    ('accepted', 'pause', 'paused'),
    ('accepted', 'close', 'closed'),
    ('paused', 'pause', 'paused'),
    ('paused', 'resume', 'paused'),
    ('paused', 'resume', 'accepted'),
    ('paused', 'close', 'closed');

CREATE TABLE subscription (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    application_id uuid NOT NULL,
    api_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    -- null: every version of the API
    major integer,
    state text NOT NULL,
    state_before text NOT NULL DEFAULT 'new',
    -- what led from the state before to this one
    event text NOT NULL,
    -- accepted at once, because the plan says so
    is_automatic boolean NOT NULL,
    -- since when a side holds it; null: that side does not
    provider_paused_at timestamptz,
    consumer_paused_at timestamptz,
    -- the name in manifests; null: asked for by hand
    slug text,
    managed_by text,
    comment text NOT NULL DEFAULT '',
    -- null: not decided, or decided without a word
    decision_comment text,
    requested_by uuid NOT NULL,
    -- null: nobody has decided, or the plan did
    decided_by uuid,
    -- evaluated at the gate; null: since ever, for good
    starts_at timestamptz,
    ends_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    decided_at timestamptz,
    closed_at timestamptz,
    close_reason text,
    etag bigint NOT NULL DEFAULT 1,
    CONSTRAINT subscription_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT subscription_belongs_to_its_api UNIQUE (api_id, id),
    CONSTRAINT subscription_state_moves_legally FOREIGN KEY (state_before, event, state)
        REFERENCES subscription_transition (from_state, event, to_state),
    CONSTRAINT subscription_is_paused_by_a_side CHECK (
        (state = 'paused') = (provider_paused_at IS NOT NULL OR consumer_paused_at IS NOT NULL)
    ),
    CONSTRAINT decided_subscription_has_its_date CHECK (state IN ('pending', 'withdrawn') = (decided_at IS NULL)),
    CONSTRAINT decision_names_who_decided CHECK (is_automatic OR (decided_at IS NULL) = (decided_by IS NULL)),
    CONSTRAINT plan_decides_by_itself CHECK (NOT is_automatic OR decided_by IS NULL),
    CONSTRAINT closed_subscription_has_its_date CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT subscription_ends_after_it_starts CHECK (ends_at > starts_at),
    CONSTRAINT subscription_major_is_not_negative CHECK (major >= 0),
    CONSTRAINT subscription_name_is_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
    CONSTRAINT subscription_keeper_is_not_too_long CHECK (length(managed_by) BETWEEN 1 AND 60),
    CONSTRAINT subscription_comment_is_not_too_long CHECK (length(comment) <= 2000),
    CONSTRAINT decision_comment_is_not_too_long CHECK (length(decision_comment) <= 2000),
    CONSTRAINT close_reason_is_not_too_long CHECK (length(close_reason) <= 2000),
    CONSTRAINT plan_of_a_subscription_is_of_its_api FOREIGN KEY (api_id, plan_id) REFERENCES plan (api_id, id),
    CONSTRAINT application_of_a_subscription_is_in_its_org FOREIGN KEY (org_id, application_id)
        REFERENCES application (org_id, id),
    CONSTRAINT api_of_a_subscription_is_in_its_org FOREIGN KEY (org_id, api_id) REFERENCES api (org_id, id),
    CONSTRAINT environment_of_a_subscription_is_in_its_org FOREIGN KEY (org_id, environment_id)
        REFERENCES environment (org_id, id),
    CONSTRAINT requester_is_in_the_same_org FOREIGN KEY (org_id, requested_by) REFERENCES member (org_id, id),
    CONSTRAINT decider_is_in_the_same_org FOREIGN KEY (org_id, decided_by) REFERENCES member (org_id, id)
);
CREATE UNIQUE INDEX one_open_subscription_per_application_api_environment_and_major
    ON subscription (application_id, api_id, environment_id, major) NULLS NOT DISTINCT
    WHERE state IN ('pending', 'accepted', 'paused');
CREATE UNIQUE INDEX subscription_name_is_unique ON subscription (org_id, slug)
    WHERE state IN ('pending', 'accepted', 'paused');
CREATE INDEX subscription_by_application ON subscription (application_id, id);
CREATE INDEX subscription_by_api ON subscription (api_id, state, id);
CREATE INDEX subscription_by_plan ON subscription (plan_id) WHERE state IN ('accepted', 'paused');
CREATE INDEX subscription_at_the_gate ON subscription (environment_id, id) WHERE state IN ('accepted', 'paused');

CREATE TRIGGER application_of_a_subscription_is_not_archived BEFORE INSERT ON subscription
    FOR EACH ROW EXECUTE FUNCTION application_is_not_archived();

-- Who asks for what never changes, the state is remembered, and nobody decides on their own request or their machine's.
CREATE FUNCTION subscription_is_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.org_id, NEW.application_id, NEW.api_id, NEW.environment_id, NEW.major, NEW.requested_by, NEW.created_at)
        IS DISTINCT FROM
       (OLD.id, OLD.org_id, OLD.application_id, OLD.api_id, OLD.environment_id, OLD.major, OLD.requested_by, OLD.created_at)
    THEN
        RAISE EXCEPTION 'what a subscription is for does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'subscription_is_immutable';
    END IF;
    IF OLD.decided_at IS NOT NULL
        AND (NEW.decided_at, NEW.decided_by, NEW.is_automatic) IS DISTINCT FROM (OLD.decided_at, OLD.decided_by, OLD.is_automatic)
    THEN
        RAISE EXCEPTION 'a decision is taken once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'subscription_is_decided_once';
    END IF;
    IF (NEW.state, NEW.provider_paused_at, NEW.consumer_paused_at)
        IS DISTINCT FROM (OLD.state, OLD.provider_paused_at, OLD.consumer_paused_at)
    THEN
        NEW.state_before := OLD.state;
    ELSE
        NEW.event := OLD.event;
    END IF;
    IF NEW.decided_by IS DISTINCT FROM OLD.decided_by AND EXISTS (
        SELECT 1 FROM member m WHERE m.id = NEW.requested_by AND NEW.decided_by IN (m.id, m.responsible_member_id)
    ) THEN
        RAISE EXCEPTION 'the requester does not decide'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decider_is_not_requester';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER subscription_is_guarded BEFORE UPDATE ON subscription
    FOR EACH ROW EXECUTE FUNCTION subscription_is_guarded();

-- Credentials -------------------------------------------------------------------------------------------------------------

CREATE TABLE credential (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    application_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    -- the name in manifests; null: made by hand
    slug text,
    -- the first characters of the key; empty for an imported one of which nobody said them
    start text NOT NULL,
    is_imported boolean NOT NULL,
    -- SHA-256 of the whole key; the key itself is nowhere
    sha256 bytea NOT NULL,
    note text NOT NULL DEFAULT '',
    managed_by text,
    -- null: the system or the local operator
    created_by uuid,
    created_at timestamptz NOT NULL,
    -- null: valid since ever
    starts_at timestamptz,
    -- null: does not expire
    expires_at timestamptz,
    -- null: not rotated; otherwise the end of the overlap with its successor
    grace_until timestamptz,
    replaced_by uuid,
    -- null: not revoked
    revoked_at timestamptz,
    revoke_reason text,
    CONSTRAINT credential_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT key_is_unique_in_its_environment UNIQUE (environment_id, sha256),
    CONSTRAINT key_digest_has_32_bytes CHECK (octet_length(sha256) = 32),
    CONSTRAINT key_start_is_short CHECK (length(start) <= 24),
    CONSTRAINT credential_note_is_not_too_long CHECK (length(note) <= 200),
    CONSTRAINT credential_keeper_is_not_too_long CHECK (length(managed_by) BETWEEN 1 AND 60),
    CONSTRAINT revoke_reason_is_not_too_long CHECK (length(revoke_reason) <= 2000),
    CONSTRAINT credential_name_is_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
    CONSTRAINT credential_expires_after_it_was_made CHECK (expires_at > created_at),
    CONSTRAINT credential_expires_after_it_starts CHECK (expires_at > starts_at),
    CONSTRAINT rotated_credential_has_a_successor CHECK ((grace_until IS NULL) = (replaced_by IS NULL)),
    CONSTRAINT credential_does_not_replace_itself CHECK (replaced_by <> id),
    CONSTRAINT successor_of_a_credential_is_in_its_org FOREIGN KEY (org_id, replaced_by) REFERENCES credential (org_id, id),
    CONSTRAINT application_of_a_credential_is_in_its_org FOREIGN KEY (org_id, application_id)
        REFERENCES application (org_id, id),
    CONSTRAINT environment_of_a_credential_is_in_its_org FOREIGN KEY (org_id, environment_id)
        REFERENCES environment (org_id, id),
    CONSTRAINT maker_of_a_credential_is_in_its_org FOREIGN KEY (org_id, created_by) REFERENCES member (org_id, id)
);
CREATE UNIQUE INDEX credential_name_is_unique ON credential (application_id, slug)
    WHERE revoked_at IS NULL AND replaced_by IS NULL;
CREATE INDEX credential_by_application ON credential (application_id, id);
CREATE INDEX credential_at_the_gate ON credential (environment_id, id) WHERE revoked_at IS NULL;

CREATE TRIGGER application_of_a_credential_is_not_archived BEFORE INSERT ON credential
    FOR EACH ROW EXECUTE FUNCTION application_is_not_archived();

-- A key is for one application and environment, a revoked one stays revoked, and no overlap grows.
CREATE FUNCTION credential_is_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.org_id, NEW.application_id, NEW.environment_id, NEW.sha256, NEW.start, NEW.is_imported)
        IS DISTINCT FROM
       (OLD.id, OLD.org_id, OLD.application_id, OLD.environment_id, OLD.sha256, OLD.start, OLD.is_imported)
    THEN
        RAISE EXCEPTION 'what a credential is does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credential_is_immutable';
    END IF;
    IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at THEN
        RAISE EXCEPTION 'a revoked credential stays revoked'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credential_stays_revoked';
    END IF;
    IF OLD.replaced_by IS NOT NULL
        AND (NEW.replaced_by IS DISTINCT FROM OLD.replaced_by OR NEW.grace_until > OLD.grace_until)
    THEN
        RAISE EXCEPTION 'a rotation is made once and its overlap does not grow'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credential_is_rotated_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER credential_is_guarded BEFORE UPDATE ON credential FOR EACH ROW EXECUTE FUNCTION credential_is_guarded();

-- Pins --------------------------------------------------------------------------------------------------------------------

CREATE TABLE version_pin (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    -- exactly one of the two is set: what is pinned
    subscription_id uuid,
    credential_id uuid,
    api_id uuid NOT NULL,
    api_version_id uuid NOT NULL,
    mode text NOT NULL,
    -- null: for good
    expires_at timestamptz,
    reason text NOT NULL DEFAULT '',
    -- null: the system or the local operator
    pinned_by uuid,
    pinned_at timestamptz NOT NULL,
    CONSTRAINT pin_has_one_subject CHECK (num_nonnulls(subscription_id, credential_id) = 1),
    CONSTRAINT pin_mode_is_known CHECK (mode IN ('soft', 'hard')),
    CONSTRAINT pin_reason_is_not_too_long CHECK (length(reason) <= 2000),
    CONSTRAINT pin_expires_after_it_was_made CHECK (expires_at > pinned_at),
    CONSTRAINT subscription_has_one_pin UNIQUE (subscription_id),
    CONSTRAINT credential_has_one_pin_for_an_api UNIQUE (credential_id, api_id),
    CONSTRAINT pin_names_a_version_of_its_api FOREIGN KEY (api_id, api_version_id) REFERENCES api_version (api_id, id),
    CONSTRAINT subscription_is_pinned_within_its_api FOREIGN KEY (api_id, subscription_id) REFERENCES subscription (api_id, id),
    CONSTRAINT credential_of_a_pin_is_in_its_org FOREIGN KEY (org_id, credential_id) REFERENCES credential (org_id, id),
    CONSTRAINT api_of_a_pin_is_in_its_org FOREIGN KEY (org_id, api_id) REFERENCES api (org_id, id),
    CONSTRAINT pinner_is_in_the_same_org FOREIGN KEY (org_id, pinned_by) REFERENCES member (org_id, id)
);
CREATE INDEX version_pin_by_version ON version_pin (api_version_id);
