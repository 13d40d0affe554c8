-- Governance of what checks find: rulesets, policies that bind them to APIs, what checks found, decisions, waivers.
-- Constraints carry sentences as names; CatalogStore maps each name to what the user is told.

-- What was decided stays as it was decided: rows of these tables neither change nor go.
CREATE FUNCTION row_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % does not change', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_is_immutable';
END $$;

-- Rulesets --------------------------------------------------------------------------------------------------------------

CREATE TABLE ruleset (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES org (id),
    slug text NOT NULL,
    title text NOT NULL,
    last_revision_number integer NOT NULL DEFAULT 0,
    -- null: kept by people; otherwise what keeps it
    managed_by text,
    created_at timestamptz NOT NULL,
    -- null: in use
    deleted_at timestamptz,
    CONSTRAINT ruleset_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT ruleset_name_is_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    CONSTRAINT ruleset_title_is_not_too_long CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT ruleset_keeper_is_not_too_long CHECK (length(managed_by) BETWEEN 1 AND 60)
);
-- The name of a deleted ruleset is free again.
CREATE UNIQUE INDEX ruleset_name_is_unique ON ruleset (org_id, slug) WHERE deleted_at IS NULL;

CREATE TABLE ruleset_revision (
    org_id uuid NOT NULL,
    ruleset_id uuid NOT NULL,
    number integer NOT NULL,
    bytes bytea NOT NULL,
    sha256 bytea NOT NULL,
    -- ignores formatting, key order and the syntax (YAML or JSON)
    canonical_sha256 bytea NOT NULL,
    rule_count integer NOT NULL,
    message text NOT NULL,
    -- null: the system or the local operator
    created_by uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT ruleset_revision_number_is_unique PRIMARY KEY (ruleset_id, number),
    CONSTRAINT ruleset_revision_number_is_positive CHECK (number > 0),
    CONSTRAINT ruleset_digest_is_right CHECK (sha256 = sha256(bytes)),
    CONSTRAINT ruleset_canonical_digest_has_32_bytes CHECK (octet_length(canonical_sha256) = 32),
    CONSTRAINT ruleset_text_is_not_too_long CHECK (octet_length(bytes) BETWEEN 1 AND 1048576),
    CONSTRAINT ruleset_message_is_not_too_long CHECK (length(message) <= 2000),
    CONSTRAINT ruleset_of_a_revision_is_in_its_org FOREIGN KEY (org_id, ruleset_id) REFERENCES ruleset (org_id, id),
    CONSTRAINT author_of_a_ruleset_is_in_its_org FOREIGN KEY (org_id, created_by) REFERENCES member (org_id, id)
);
CREATE TRIGGER ruleset_revision_is_immutable BEFORE UPDATE OR DELETE ON ruleset_revision
    FOR EACH ROW EXECUTE FUNCTION row_is_immutable();

-- Policies --------------------------------------------------------------------------------------------------------------

CREATE TABLE policy (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES org (id),
    slug text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    mode text NOT NULL,
    -- {"matchLabels": {...}, "matchExpressions": [{"key", "operator", "values"}]}
    selector jsonb NOT NULL,
    -- {"submit": {"error", "warn", "info", "hint"}, "publish": ...}
    stages jsonb NOT NULL,
    -- {"action", "approvers": [...]}
    breaking_changes jsonb NOT NULL,
    -- counts changes; also the resource's ETag
    revision integer NOT NULL DEFAULT 1,
    -- null: kept by people; otherwise what keeps it
    managed_by text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- null: in use
    deleted_at timestamptz,
    CONSTRAINT policy_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT policy_name_is_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    CONSTRAINT policy_title_is_not_too_long CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT policy_description_is_not_too_long CHECK (length(description) <= 10000),
    CONSTRAINT policy_mode_is_known CHECK (mode IN ('off', 'observe', 'warn', 'enforce')),
    CONSTRAINT policy_keeper_is_not_too_long CHECK (length(managed_by) BETWEEN 1 AND 60)
);
-- The name of a deleted policy is free again.
CREATE UNIQUE INDEX policy_name_is_unique ON policy (org_id, slug) WHERE deleted_at IS NULL;

-- What a policy said at each of its revisions, whole: a decision of last year can be understood.
CREATE TABLE policy_revision (
    policy_id uuid NOT NULL REFERENCES policy (id),
    number integer NOT NULL,
    terms jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT policy_revision_number_is_unique PRIMARY KEY (policy_id, number)
);
CREATE TRIGGER policy_revision_is_immutable BEFORE UPDATE OR DELETE ON policy_revision
    FOR EACH ROW EXECUTE FUNCTION row_is_immutable();

CREATE TABLE policy_ruleset (
    policy_id uuid NOT NULL REFERENCES policy (id),
    -- the order in which they are written, from 0
    position smallint NOT NULL,
    -- one of the two: a built-in ruleset's name, or a stored ruleset with the revision that is in force
    built_in text,
    ruleset_id uuid,
    revision_number integer,
    CONSTRAINT ruleset_has_its_place_in_a_policy PRIMARY KEY (policy_id, position),
    CONSTRAINT policy_names_a_ruleset_once UNIQUE NULLS NOT DISTINCT (policy_id, built_in, ruleset_id),
    CONSTRAINT policy_has_at_most_20_rulesets CHECK (position BETWEEN 0 AND 19),
    CONSTRAINT policy_binds_a_built_in_or_a_stored_ruleset CHECK (
        (built_in IS NULL) = (ruleset_id IS NOT NULL) AND (ruleset_id IS NULL) = (revision_number IS NULL)
    ),
    CONSTRAINT ruleset_of_a_policy_exists FOREIGN KEY (ruleset_id, revision_number)
        REFERENCES ruleset_revision (ruleset_id, number)
);
CREATE INDEX policy_ruleset_by_ruleset ON policy_ruleset (ruleset_id) WHERE ruleset_id IS NOT NULL;

-- A ruleset that a policy names does not go, and a policy does not name one that went: both look at the ruleset's row.
CREATE FUNCTION ruleset_is_kept_while_a_policy_names_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM policy_ruleset x JOIN policy p ON p.id = x.policy_id
        WHERE x.ruleset_id = NEW.id AND p.deleted_at IS NULL
    ) THEN
        RAISE EXCEPTION 'a policy names the ruleset'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ruleset_is_kept_while_a_policy_names_it';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ruleset_is_kept_while_a_policy_names_it BEFORE UPDATE OF deleted_at ON ruleset
    FOR EACH ROW WHEN (NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION ruleset_is_kept_while_a_policy_names_it();

CREATE FUNCTION policy_names_a_ruleset_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ruleset_id IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM ruleset WHERE id = NEW.ruleset_id AND deleted_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the ruleset is deleted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_names_a_ruleset_in_use';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policy_names_a_ruleset_in_use BEFORE INSERT ON policy_ruleset
    FOR EACH ROW EXECUTE FUNCTION policy_names_a_ruleset_in_use();

-- What checks found -----------------------------------------------------------------------------------------------------

-- A check's result depends on these three and nothing else, so that it is made once and decides the same for ever.
CREATE TABLE evaluation (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES org (id),
    -- the document's bytes
    content_sha256 bytea NOT NULL,
    -- the ruleset's text with all that it extends, and for a built-in one its name
    ruleset_sha256 bytea NOT NULL,
    -- the policy engine's own version
    engine text NOT NULL,
    -- the ruleset's name at that time, for people
    ruleset text NOT NULL,
    outcome text NOT NULL,
    errors integer NOT NULL,
    warnings integer NOT NULL,
    informations integer NOT NULL,
    hints integer NOT NULL,
    -- why the check could not be carried out; null unless `outcome` is error
    failure text,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    CONSTRAINT content_is_evaluated_once_by_a_ruleset UNIQUE (org_id, content_sha256, ruleset_sha256, engine),
    -- `error` and `not_applicable` are different from `pass`: a check that checked nothing did not succeed
    CONSTRAINT evaluation_outcome_is_known CHECK (outcome IN ('pass', 'warn', 'fail', 'error', 'not_applicable')),
    CONSTRAINT evaluation_failure_is_told CHECK ((outcome = 'error') = (failure IS NOT NULL)),
    CONSTRAINT evaluation_that_did_not_apply_found_nothing CHECK (
        outcome <> 'not_applicable' OR errors + warnings + informations + hints = 0
    ),
    CONSTRAINT evaluation_digests_have_32_bytes CHECK (
        octet_length(content_sha256) = 32 AND octet_length(ruleset_sha256) = 32
    )
);

CREATE TABLE evaluation_finding (
    evaluation_id uuid NOT NULL REFERENCES evaluation (id),
    -- the place in the order of the document, from 1
    number integer NOT NULL,
    rule text NOT NULL,
    severity smallint NOT NULL,
    message text NOT NULL,
    help text,
    documentation_url text,
    json_pointer text NOT NULL,
    -- as Spectral's report has it: an array of names and indices
    path jsonb NOT NULL,
    start_line integer NOT NULL,
    start_character integer NOT NULL,
    end_line integer NOT NULL,
    end_character integer NOT NULL,
    -- stable when lines move
    fingerprint bytea NOT NULL,
    CONSTRAINT evaluation_finding_number_is_unique PRIMARY KEY (evaluation_id, number),
    CONSTRAINT evaluation_finding_severity_is_known CHECK (severity BETWEEN 0 AND 3)
);

-- Documents that wait for a check. A worker holds its row until the result is written in the same transaction: whatever
-- ends a worker gives the row to the next one.
CREATE TABLE evaluation_task (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    spec_content_id uuid NOT NULL,
    -- one of the two, as in policy_ruleset
    built_in text,
    ruleset_id uuid,
    revision_number integer,
    enqueued_at timestamptz NOT NULL,
    -- when it may be tried; later after each failure
    not_before timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    CONSTRAINT document_waits_once_for_a_ruleset UNIQUE NULLS NOT DISTINCT (
        spec_content_id, built_in, ruleset_id, revision_number
    ),
    CONSTRAINT task_names_a_built_in_or_a_stored_ruleset CHECK (
        (built_in IS NULL) = (ruleset_id IS NOT NULL) AND (ruleset_id IS NULL) = (revision_number IS NULL)
    ),
    CONSTRAINT document_of_a_task_is_in_its_org FOREIGN KEY (org_id, spec_content_id) REFERENCES spec_content (org_id, id),
    CONSTRAINT ruleset_of_a_task_exists FOREIGN KEY (ruleset_id, revision_number)
        REFERENCES ruleset_revision (ruleset_id, number)
);
CREATE INDEX evaluation_task_waiting ON evaluation_task (not_before, id);

-- Decisions -------------------------------------------------------------------------------------------------------------

-- What a policy decided and on what: the same document, rulesets, engine, policy revision and waivers decide the same.
CREATE TABLE policy_decision (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES org (id),
    policy_id uuid NOT NULL,
    policy_revision integer NOT NULL,
    stage text NOT NULL,
    -- null: the submission was refused, so there is no revision
    revision_id uuid,
    -- what was to be submitted or published, such as `orders 1.2.0`
    subject text NOT NULL,
    content_sha256 bytea NOT NULL,
    -- in the order in which the policy names its rulesets
    ruleset_sha256s bytea[] NOT NULL,
    engine text NOT NULL,
    mode text NOT NULL,
    outcome text NOT NULL,
    -- what the policy asks for, and what that came to under its mode
    action text NOT NULL,
    effect text NOT NULL,
    -- the waivers that covered a finding
    waiver_ids uuid[] NOT NULL,
    decided_at timestamptz NOT NULL,
    CONSTRAINT decision_stage_is_known CHECK (stage IN ('submit', 'publish')),
    CONSTRAINT decision_mode_is_known CHECK (mode IN ('observe', 'warn', 'enforce')),
    CONSTRAINT decision_outcome_is_known CHECK (outcome IN ('pass', 'warn', 'fail', 'error', 'not_applicable')),
    CONSTRAINT decision_action_is_known CHECK (action IN ('allow', 'warn', 'block')),
    CONSTRAINT decision_effect_is_known CHECK (effect IN ('allow', 'warn', 'block')),
    -- a check that could not be carried out never passes for one that found nothing
    CONSTRAINT decision_on_an_error_is_told CHECK (outcome <> 'error' OR action <> 'allow'),
    CONSTRAINT only_an_enforced_policy_blocks CHECK (effect <> 'block' OR mode = 'enforce'),
    CONSTRAINT policy_of_a_decision_exists FOREIGN KEY (policy_id, policy_revision)
        REFERENCES policy_revision (policy_id, number),
    CONSTRAINT revision_of_a_decision_is_in_its_org FOREIGN KEY (org_id, revision_id) REFERENCES revision (org_id, id)
);
CREATE INDEX policy_decision_by_revision ON policy_decision (revision_id, id DESC);
CREATE INDEX policy_decision_by_policy ON policy_decision (policy_id, id DESC);
CREATE TRIGGER policy_decision_is_immutable BEFORE UPDATE OR DELETE ON policy_decision
    FOR EACH ROW EXECUTE FUNCTION row_is_immutable();

-- Waivers ---------------------------------------------------------------------------------------------------------------

CREATE TABLE waiver (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    api_id uuid NOT NULL,
    rule text NOT NULL,
    -- one of the two: a place and everything below it, or one finding wherever it moves
    json_pointer text,
    fingerprint bytea,
    reason text NOT NULL,
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- null: nobody decided yet
    is_granted boolean,
    decided_by uuid,
    decided_at timestamptz,
    decision_comment text NOT NULL DEFAULT '',
    -- null: not taken back
    revoked_by uuid,
    revoked_at timestamptz,
    revocation_reason text,
    CONSTRAINT waiver_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT waiver_rule_is_not_too_long CHECK (length(rule) BETWEEN 1 AND 200),
    CONSTRAINT waiver_covers_a_pointer_or_a_fingerprint CHECK ((json_pointer IS NULL) <> (fingerprint IS NULL)),
    CONSTRAINT waiver_pointer_is_well_formed CHECK (json_pointer = '' OR json_pointer ~ '^(/([^~/]|~[01])*)+$'),
    CONSTRAINT waiver_pointer_is_not_too_long CHECK (length(json_pointer) <= 2000),
    CONSTRAINT waiver_fingerprint_is_well_formed CHECK (octet_length(fingerprint) BETWEEN 8 AND 32),
    CONSTRAINT waiver_reason_is_not_too_long CHECK (length(reason) BETWEEN 1 AND 2000),
    CONSTRAINT waiver_expires_after_it_was_requested CHECK (expires_at > requested_at),
    -- in hours, because a day's length depends on the session's time zone
    CONSTRAINT waiver_lasts_at_most_180_days CHECK (expires_at <= requested_at + interval '4320 hours'),
    CONSTRAINT waiver_decision_has_its_person CHECK (
        (is_granted IS NULL) = (decided_by IS NULL) AND (is_granted IS NULL) = (decided_at IS NULL)
    ),
    CONSTRAINT waiver_is_granted_by_another_person CHECK (decided_by <> requested_by),
    CONSTRAINT waiver_decision_comment_is_not_too_long CHECK (length(decision_comment) <= 2000),
    CONSTRAINT waiver_refusal_says_why CHECK (is_granted IS NOT FALSE OR length(decision_comment) > 0),
    CONSTRAINT waiver_revocation_has_its_person_and_reason CHECK (
        (revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revocation_reason IS NULL)
    ),
    CONSTRAINT waiver_revocation_reason_is_not_too_long CHECK (length(revocation_reason) BETWEEN 1 AND 2000),
    CONSTRAINT api_of_a_waiver_is_in_its_org FOREIGN KEY (org_id, api_id) REFERENCES api (org_id, id),
    CONSTRAINT requester_of_a_waiver_is_in_its_org FOREIGN KEY (org_id, requested_by) REFERENCES member (org_id, id),
    CONSTRAINT granter_of_a_waiver_is_in_its_org FOREIGN KEY (org_id, decided_by) REFERENCES member (org_id, id),
    CONSTRAINT revoker_of_a_waiver_is_in_its_org FOREIGN KEY (org_id, revoked_by) REFERENCES member (org_id, id)
);
CREATE INDEX waiver_by_api ON waiver (api_id, id DESC);

-- Four eyes by identity: a waiver is granted by a person, and not by the one who answers for the machine that asked. What
-- was asked for never changes, and neither does a decision.
CREATE FUNCTION waiver_is_decided_by_another_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.org_id, NEW.api_id, NEW.rule, NEW.json_pointer, NEW.fingerprint, NEW.reason, NEW.requested_by,
        NEW.requested_at, NEW.expires_at)
        IS DISTINCT FROM
       (OLD.id, OLD.org_id, OLD.api_id, OLD.rule, OLD.json_pointer, OLD.fingerprint, OLD.reason, OLD.requested_by,
        OLD.requested_at, OLD.expires_at)
        OR OLD.revoked_at IS NOT NULL
    THEN
        RAISE EXCEPTION 'what was asked for does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'waiver_is_immutable';
    END IF;
    IF (NEW.is_granted, NEW.decided_by, NEW.decided_at) IS DISTINCT FROM (OLD.is_granted, OLD.decided_by, OLD.decided_at) THEN
        IF OLD.is_granted IS NOT NULL THEN
            RAISE EXCEPTION 'the waiver is decided'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'waiver_is_decided_once';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM member WHERE id = NEW.decided_by AND kind = 'person' AND disabled_at IS NULL
        ) THEN
            RAISE EXCEPTION 'a machine grants no waiver'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'waiver_is_decided_by_a_person';
        END IF;
        IF EXISTS (
            SELECT 1 FROM member WHERE id = NEW.requested_by AND responsible_member_id = NEW.decided_by
        ) THEN
            RAISE EXCEPTION 'the waiver was asked for by a machine of the same person'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'waiver_is_granted_by_another_person';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER waiver_is_decided_by_another_person BEFORE UPDATE ON waiver
    FOR EACH ROW EXECUTE FUNCTION waiver_is_decided_by_another_person();
