-- The catalog: people and roles, APIs, versions, immutable revisions, reviews, releases, routing snapshots, audit.
-- Times are UTC. Constraints carry sentences as names; CatalogStore maps each name to what the user is told.

-- Organizations, people and roles ------------------------------------------------------------------------------------

CREATE TABLE org (
    id uuid PRIMARY KEY,
    slug text NOT NULL,
    title text NOT NULL,
    required_votes integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CONSTRAINT org_name_is_unique UNIQUE (slug),
    CONSTRAINT org_name_is_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    CONSTRAINT org_title_is_not_too_long CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT quorum_is_between_1_and_20 CHECK (required_votes BETWEEN 1 AND 20)
);

CREATE TABLE team (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES org (id),
    slug text NOT NULL,
    title text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT team_name_is_unique UNIQUE (org_id, slug),
    CONSTRAINT team_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT team_name_is_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    CONSTRAINT team_title_is_not_too_long CHECK (length(title) BETWEEN 1 AND 200)
);

CREATE TABLE member (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES org (id),
    kind text NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    -- null: no address is known
    email text,
    -- who answers for a service account; null for a person
    responsible_member_id uuid,
    created_at timestamptz NOT NULL,
    -- null: active
    disabled_at timestamptz,
    CONSTRAINT member_name_is_unique UNIQUE (org_id, slug),
    CONSTRAINT member_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT member_kind_is_known CHECK (kind IN ('person', 'service')),
    CONSTRAINT member_name_is_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'),
    CONSTRAINT member_title_is_not_too_long CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT member_email_is_not_too_long CHECK (length(email) BETWEEN 3 AND 320),
    CONSTRAINT only_a_service_account_has_a_responsible_member CHECK (kind = 'service' OR responsible_member_id IS NULL),
    CONSTRAINT responsible_member_is_in_the_same_org FOREIGN KEY (org_id, responsible_member_id) REFERENCES member (org_id, id)
);

CREATE TABLE role (name text PRIMARY KEY);
INSERT INTO role (name) VALUES
    ('org-admin'), ('governance-admin'), ('api-owner'), ('api-editor'), ('approver'), ('app-owner'), ('app-developer'),
    ('auditor'), ('gateway');

CREATE TABLE role_binding (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    member_id uuid NOT NULL,
    role text NOT NULL,
    -- null: the whole organization
    team_id uuid,
    bound_at timestamptz NOT NULL,
    CONSTRAINT role_is_bound_once UNIQUE NULLS NOT DISTINCT (member_id, role, team_id),
    CONSTRAINT role_is_known FOREIGN KEY (role) REFERENCES role (name),
    CONSTRAINT administrators_roles_hold_for_the_whole_org CHECK (
        team_id IS NULL OR role NOT IN ('org-admin', 'governance-admin', 'gateway')
    ),
    CONSTRAINT member_of_a_role_is_in_its_org FOREIGN KEY (org_id, member_id) REFERENCES member (org_id, id),
    CONSTRAINT team_of_a_role_is_in_its_org FOREIGN KEY (org_id, team_id) REFERENCES team (org_id, id)
);

CREATE TABLE token (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    member_id uuid NOT NULL,
    title text NOT NULL,
    -- the first characters of the text, so that a person can tell tokens apart
    start text NOT NULL,
    sha256 bytea NOT NULL,
    created_at timestamptz NOT NULL,
    -- null: does not expire
    expires_at timestamptz,
    -- null: not revoked
    revoked_at timestamptz,
    -- null: never used; written at most once a minute
    last_used_at timestamptz,
    CONSTRAINT token_is_unique UNIQUE (sha256),
    CONSTRAINT token_digest_has_32_bytes CHECK (octet_length(sha256) = 32),
    CONSTRAINT token_start_is_short CHECK (length(start) BETWEEN 1 AND 16),
    CONSTRAINT token_title_is_not_too_long CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT token_expires_after_it_was_made CHECK (expires_at > created_at),
    CONSTRAINT member_of_a_token_is_in_its_org FOREIGN KEY (org_id, member_id) REFERENCES member (org_id, id)
);
CREATE INDEX token_by_member ON token (member_id, id);

-- The last way in may not be closed: an organization that has had an administrator keeps one.
CREATE FUNCTION org_keeps_an_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    organization uuid := OLD.org_id;
BEGIN
    -- One writer at a time: two administrators who remove each other would both see the other one still there.
    PERFORM 1 FROM org WHERE id = organization FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM role_binding b JOIN member m ON m.id = b.member_id
        WHERE b.org_id = organization AND b.role = 'org-admin' AND m.disabled_at IS NULL
    ) THEN
        RAISE EXCEPTION 'the organization would lose its last administrator'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'org_keeps_an_administrator';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER org_keeps_an_administrator AFTER UPDATE OR DELETE ON role_binding
    FOR EACH ROW WHEN (OLD.role = 'org-admin') EXECUTE FUNCTION org_keeps_an_administrator();
CREATE TRIGGER org_keeps_an_administrator AFTER UPDATE OF disabled_at ON member
    FOR EACH ROW WHEN (NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL) EXECUTE FUNCTION org_keeps_an_administrator();

-- Environments --------------------------------------------------------------------------------------------------------

CREATE TABLE environment (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES org (id),
    slug text NOT NULL,
    rank integer NOT NULL,
    -- the newest generation of the routing snapshot; 0: none yet. Its row lock is what publications queue on.
    generation bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    CONSTRAINT environment_name_is_unique UNIQUE (org_id, slug),
    CONSTRAINT environment_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT environment_name_is_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$'),
    CONSTRAINT generation_never_goes_back CHECK (generation >= 0)
);

-- APIs, versions, content ---------------------------------------------------------------------------------------------

CREATE TABLE api (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    team_id uuid NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    description text NOT NULL DEFAULT '',
    visibility text NOT NULL DEFAULT 'internal',
    base_path text NOT NULL,
    hosts text[] NOT NULL DEFAULT '{}',
    access text NOT NULL DEFAULT 'plan',
    security text NOT NULL DEFAULT 'verify',
    -- {"in": [...], "header": ..., "query": ..., "default": ...}, as in the manifest
    versioning jsonb NOT NULL,
    -- {"set": {...}, "remove": [...]}
    request_headers jsonb NOT NULL,
    -- null: not a passthrough API; {"upstream": ..., "deny": [...]} otherwise
    passthrough jsonb,
    -- SHA-256 of the settings above in canonical form, part of every release manifest
    settings_sha256 bytea NOT NULL,
    -- counts edits; the resource's ETag
    etag bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- null: in use
    archived_at timestamptz,
    CONSTRAINT api_name_is_unique UNIQUE (org_id, slug),
    CONSTRAINT api_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT api_name_is_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    CONSTRAINT api_title_is_not_too_long CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT api_description_is_not_too_long CHECK (length(description) <= 10000),
    CONSTRAINT api_visibility_is_known CHECK (visibility IN ('public', 'internal', 'private')),
    CONSTRAINT api_access_is_known CHECK (access IN ('plan', 'open')),
    CONSTRAINT api_security_is_known CHECK (security IN ('verify', 'delegate')),
    CONSTRAINT base_path_starts_with_a_slash CHECK (base_path = '/' OR base_path ~ '^(/[^/?#\s]+)+$'),
    CONSTRAINT base_path_is_not_too_long CHECK (length(base_path) <= 400),
    CONSTRAINT api_has_at_most_50_hosts CHECK (cardinality(hosts) <= 50),
    CONSTRAINT team_of_an_api_is_in_its_org FOREIGN KEY (org_id, team_id) REFERENCES team (org_id, id)
);
CREATE INDEX api_by_team ON api (team_id, id);
CREATE INDEX api_by_words ON api USING gin (to_tsvector('simple', slug || ' ' || title || ' ' || description));

CREATE TABLE api_label (
    org_id uuid NOT NULL,
    api_id uuid NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    CONSTRAINT label_key_is_unique_for_an_api PRIMARY KEY (api_id, key),
    CONSTRAINT label_key_is_well_formed CHECK (key ~ '^([a-z0-9.-]{1,63}/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$'),
    CONSTRAINT label_value_is_not_too_long CHECK (length(value) <= 200),
    CONSTRAINT api_of_a_label_is_in_its_org FOREIGN KEY (org_id, api_id) REFERENCES api (org_id, id)
);
CREATE INDEX api_label_by_key ON api_label (org_id, key, value, api_id);

CREATE TABLE spec_content (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES org (id),
    sha256 bytea NOT NULL,
    -- ignores formatting, key order and the syntax (YAML or JSON)
    canonical_sha256 bytea NOT NULL,
    media_type text NOT NULL,
    openapi_version text NOT NULL,
    operation_count integer NOT NULL,
    bytes bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT content_is_stored_once UNIQUE (org_id, sha256),
    CONSTRAINT content_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT content_digest_is_right CHECK (sha256 = sha256(bytes)),
    CONSTRAINT canonical_digest_has_32_bytes CHECK (octet_length(canonical_sha256) = 32),
    CONSTRAINT content_media_type_is_known CHECK (media_type IN ('application/json', 'application/yaml'))
);

CREATE TABLE api_version (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    api_id uuid NOT NULL,
    version text NOT NULL,
    -- null: the text names no major version
    major integer,
    sort_key bytea NOT NULL,
    -- when the deprecation was made known, when it takes effect, when the version answers 410; null: not set
    announced_at timestamptz,
    deprecated_at timestamptz,
    sunset_at timestamptz,
    successor_id uuid,
    -- a page for people that the Link field names; null: none
    deprecation_link text,
    deprecation_reason text,
    -- when it was retired for good; null: not
    retired_at timestamptz,
    last_revision_number integer NOT NULL DEFAULT 0,
    etag bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CONSTRAINT version_is_unique_in_its_api UNIQUE (api_id, version),
    CONSTRAINT version_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT version_belongs_to_its_api UNIQUE (api_id, id),
    CONSTRAINT version_is_well_formed CHECK (version ~ '^[A-Za-z0-9]([A-Za-z0-9._+-]{0,98}[A-Za-z0-9])?$'),
    CONSTRAINT major_is_not_negative CHECK (major >= 0),
    CONSTRAINT deprecation_is_announced_before_it_takes_effect CHECK (announced_at <= deprecated_at),
    CONSTRAINT announcement_and_deprecation_come_together CHECK ((announced_at IS NULL) = (deprecated_at IS NULL)),
    CONSTRAINT sunset_is_not_before_deprecation CHECK (sunset_at IS NULL OR deprecated_at IS NOT NULL AND sunset_at >= deprecated_at),
    CONSTRAINT version_is_not_its_own_successor CHECK (successor_id <> id),
    CONSTRAINT deprecation_link_is_not_too_long CHECK (length(deprecation_link) <= 2000),
    CONSTRAINT deprecation_reason_is_not_too_long CHECK (length(deprecation_reason) <= 2000),
    CONSTRAINT successor_is_a_version_of_the_same_api FOREIGN KEY (api_id, successor_id) REFERENCES api_version (api_id, id),
    CONSTRAINT api_of_a_version_is_in_its_org FOREIGN KEY (org_id, api_id) REFERENCES api (org_id, id)
);
CREATE INDEX api_version_by_sort_key ON api_version (api_id, sort_key DESC, id);
CREATE INDEX api_version_by_sunset ON api_version (sunset_at) WHERE sunset_at IS NOT NULL AND retired_at IS NULL;

-- Upstreams -----------------------------------------------------------------------------------------------------------

CREATE TABLE upstream (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    -- null: belongs to the organization
    team_id uuid,
    slug text NOT NULL,
    -- [{"scheme", "host", "port", "path", "weight"}], never empty
    targets jsonb NOT NULL,
    connect_timeout_ms integer NOT NULL DEFAULT 5000,
    header_timeout_ms integer NOT NULL DEFAULT 60000,
    idle_timeout_ms integer NOT NULL DEFAULT 60000,
    -- SHA-256 of the canonical form of all of the above but the name
    sha256 bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT upstream_of_this_content_is_stored_once UNIQUE (org_id, slug, sha256),
    CONSTRAINT upstream_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT upstream_name_is_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?$'),
    CONSTRAINT upstream_has_between_1_and_100_targets CHECK (jsonb_array_length(targets) BETWEEN 1 AND 100),
    CONSTRAINT upstream_timeouts_are_positive CHECK (
        connect_timeout_ms > 0 AND header_timeout_ms > 0 AND idle_timeout_ms > 0
    ),
    CONSTRAINT team_of_an_upstream_is_in_its_org FOREIGN KEY (org_id, team_id) REFERENCES team (org_id, id)
);
CREATE INDEX upstream_by_name ON upstream (org_id, slug, created_at DESC);

-- Revisions and reviews -----------------------------------------------------------------------------------------------

CREATE TABLE review_state (name text PRIMARY KEY);
INSERT INTO review_state (name) VALUES
    ('new'), ('draft'), ('in_review'), ('changes_requested'), ('rejected'), ('approved');
-- `new` is no state of a row: it is where a row comes from when it is inserted.
CREATE TABLE review_transition (
    from_state text NOT NULL REFERENCES review_state (name),
    event text NOT NULL,
    to_state text NOT NULL REFERENCES review_state (name),
    PRIMARY KEY (from_state, to_state)
);
INSERT INTO review_transition (from_state, event, to_state) VALUES
    ('new', 'submit', 'in_review'),
    ('new', 'save', 'draft'),
    ('draft', 'submit', 'in_review'),
    ('in_review', 'approve', 'approved'),
    ('in_review', 'reject', 'rejected'),
    ('in_review', 'request_changes', 'changes_requested'),
    ('in_review', 'void', 'draft'),
    ('changes_requested', 'submit', 'in_review'),
    ('changes_requested', 'void', 'draft'),
    ('rejected', 'void', 'draft'),
    ('approved', 'void', 'draft'),
    ('approved', 'reopen', 'in_review');

CREATE TABLE revision (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    api_version_id uuid NOT NULL,
    number integer NOT NULL,
    spec_content_id uuid NOT NULL,
    -- the name under which the document came, for messages
    file_name text NOT NULL,
    message text NOT NULL,
    -- the upstream that the submission names; null: chosen when it is published
    upstream_id uuid,
    settings_sha256 bytea NOT NULL,
    -- what an approval is bound to: canonical content, settings, upstream
    manifest_sha256 bytea NOT NULL,
    submitted_by uuid NOT NULL,
    submitted_at timestamptz NOT NULL,
    review_state text NOT NULL,
    review_state_before text NOT NULL DEFAULT 'new',
    decided_at timestamptz,
    CONSTRAINT revision_number_is_unique_in_its_version UNIQUE (api_version_id, number),
    CONSTRAINT revision_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT revision_belongs_to_its_version UNIQUE (api_version_id, id),
    CONSTRAINT revision_number_is_positive CHECK (number > 0),
    CONSTRAINT revision_message_is_not_too_long CHECK (length(message) <= 10000),
    CONSTRAINT revision_file_name_is_not_too_long CHECK (length(file_name) BETWEEN 1 AND 500),
    CONSTRAINT manifest_digest_has_32_bytes CHECK (octet_length(manifest_sha256) = 32),
    CONSTRAINT review_state_moves_legally FOREIGN KEY (review_state_before, review_state)
        REFERENCES review_transition (from_state, to_state),
    CONSTRAINT version_of_a_revision_is_in_its_org FOREIGN KEY (org_id, api_version_id) REFERENCES api_version (org_id, id),
    CONSTRAINT content_of_a_revision_is_in_its_org FOREIGN KEY (org_id, spec_content_id) REFERENCES spec_content (org_id, id),
    CONSTRAINT upstream_of_a_revision_is_in_its_org FOREIGN KEY (org_id, upstream_id) REFERENCES upstream (org_id, id),
    CONSTRAINT submitter_is_in_the_same_org FOREIGN KEY (org_id, submitted_by) REFERENCES member (org_id, id)
);
CREATE INDEX revision_by_state ON revision (org_id, review_state, id DESC);
CREATE INDEX revision_by_content ON revision (spec_content_id);
-- The database is the last reviewer: two submissions of the same content at the same time cannot both become revisions.
CREATE UNIQUE INDEX content_is_submitted_once_while_open ON revision (api_version_id, spec_content_id, manifest_sha256)
    WHERE review_state IN ('in_review', 'approved');

CREATE TABLE revision_author (
    org_id uuid NOT NULL,
    revision_id uuid NOT NULL,
    member_id uuid NOT NULL,
    CONSTRAINT author_is_named_once PRIMARY KEY (revision_id, member_id),
    CONSTRAINT revision_of_an_author_is_in_its_org FOREIGN KEY (org_id, revision_id) REFERENCES revision (org_id, id),
    CONSTRAINT author_is_in_the_same_org FOREIGN KEY (org_id, member_id) REFERENCES member (org_id, id)
);

-- What a revision is never changes; only where its review stands does.
CREATE FUNCTION revision_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.org_id, NEW.api_version_id, NEW.number, NEW.spec_content_id, NEW.file_name, NEW.message,
        NEW.submitted_by, NEW.submitted_at)
        IS DISTINCT FROM
       (OLD.id, OLD.org_id, OLD.api_version_id, OLD.number, OLD.spec_content_id, OLD.file_name, OLD.message,
        OLD.submitted_by, OLD.submitted_at)
    THEN
        RAISE EXCEPTION 'a revision does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_is_immutable';
    END IF;
    -- Another upstream or other settings are another manifest: only a review that starts again may take them.
    IF (NEW.upstream_id, NEW.settings_sha256, NEW.manifest_sha256)
        IS DISTINCT FROM (OLD.upstream_id, OLD.settings_sha256, OLD.manifest_sha256)
        AND NEW.review_state IS DISTINCT FROM 'in_review'
    THEN
        RAISE EXCEPTION 'the manifest of a decided revision does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_is_immutable';
    END IF;
    IF NEW.review_state IS DISTINCT FROM OLD.review_state THEN
        NEW.review_state_before := OLD.review_state;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER revision_is_immutable BEFORE UPDATE ON revision FOR EACH ROW EXECUTE FUNCTION revision_is_immutable();

CREATE TABLE review_vote (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    revision_id uuid NOT NULL,
    member_id uuid NOT NULL,
    decision text NOT NULL,
    comment text NOT NULL DEFAULT '',
    manifest_sha256 bytea NOT NULL,
    cast_at timestamptz NOT NULL,
    CONSTRAINT vote_decision_is_known CHECK (decision IN ('approve', 'reject', 'request_changes')),
    CONSTRAINT vote_comment_is_not_too_long CHECK (length(comment) <= 10000),
    CONSTRAINT refusal_says_why CHECK (decision = 'approve' OR length(comment) > 0),
    CONSTRAINT revision_of_a_vote_is_in_its_org FOREIGN KEY (org_id, revision_id) REFERENCES revision (org_id, id),
    CONSTRAINT voter_is_in_the_same_org FOREIGN KEY (org_id, member_id) REFERENCES member (org_id, id)
);
CREATE UNIQUE INDEX one_approval_per_person_and_manifest ON review_vote (revision_id, manifest_sha256, member_id)
    WHERE decision = 'approve';
CREATE INDEX review_vote_by_revision ON review_vote (revision_id, id);

-- Four eyes by identity: an approver is a person, and neither an author nor the one who answers for an author's machine.
CREATE FUNCTION approver_is_not_author() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    current revision;
BEGIN
    SELECT * INTO current FROM revision WHERE id = NEW.revision_id FOR NO KEY UPDATE;
    IF current.review_state <> 'in_review' THEN
        RAISE EXCEPTION 'the review is decided'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_is_cast_on_an_open_review';
    END IF;
    IF current.manifest_sha256 <> NEW.manifest_sha256 THEN
        RAISE EXCEPTION 'the vote is for another manifest'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_is_for_the_current_manifest';
    END IF;
    IF NEW.decision = 'approve' THEN
        IF EXISTS (
            SELECT 1 FROM revision_author a JOIN member m ON m.id = a.member_id
            WHERE a.revision_id = NEW.revision_id AND NEW.member_id IN (m.id, m.responsible_member_id)
        ) THEN
            RAISE EXCEPTION 'an author does not approve'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'approver_is_not_author';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM member WHERE id = NEW.member_id AND kind = 'person' AND disabled_at IS NULL) THEN
            RAISE EXCEPTION 'a machine does not approve'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'approver_is_a_person';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approver_is_not_author BEFORE INSERT ON review_vote FOR EACH ROW EXECUTE FUNCTION approver_is_not_author();

-- An approval: exactly this release manifest of this revision may run. Voiding it deletes the row; the audit remembers.
CREATE TABLE approval (
    org_id uuid NOT NULL,
    revision_id uuid NOT NULL,
    manifest_sha256 bytea NOT NULL,
    -- null: decided by votes; otherwise carried over from this approved manifest
    carried_from_sha256 bytea,
    reason text NOT NULL,
    approved_at timestamptz NOT NULL,
    CONSTRAINT approval_is_given_once PRIMARY KEY (revision_id, manifest_sha256),
    CONSTRAINT approval_is_carried_from_an_approval FOREIGN KEY (revision_id, carried_from_sha256)
        REFERENCES approval (revision_id, manifest_sha256),
    CONSTRAINT revision_of_an_approval_is_in_its_org FOREIGN KEY (org_id, revision_id) REFERENCES revision (org_id, id)
);
-- An approval that left the upstream open is used up by the first upstream it is published with.
CREATE UNIQUE INDEX approval_holds_for_one_manifest ON approval (revision_id, carried_from_sha256)
    WHERE carried_from_sha256 IS NOT NULL;

CREATE FUNCTION approval_has_its_quorum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    needed integer;
    votes integer;
BEGIN
    IF NEW.carried_from_sha256 IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT required_votes INTO needed FROM org WHERE id = NEW.org_id;
    SELECT count(DISTINCT member_id) INTO votes FROM review_vote
    WHERE revision_id = NEW.revision_id AND manifest_sha256 = NEW.manifest_sha256 AND decision = 'approve';
    IF votes < needed THEN
        RAISE EXCEPTION 'an approval needs % votes and has %', needed, votes
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_has_its_quorum';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_has_its_quorum BEFORE INSERT OR UPDATE ON approval
    FOR EACH ROW EXECUTE FUNCTION approval_has_its_quorum();

CREATE TABLE lint_report (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    revision_id uuid NOT NULL,
    ruleset text NOT NULL,
    result text NOT NULL,
    errors integer NOT NULL,
    warnings integer NOT NULL,
    informations integer NOT NULL,
    hints integer NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    -- why the check itself failed; null unless `result` is error
    failure text,
    CONSTRAINT revision_is_linted_once_by_a_ruleset UNIQUE (revision_id, ruleset),
    -- `error` and `not_applicable` are different from `pass`: a check that checked nothing did not succeed
    CONSTRAINT lint_result_is_known CHECK (result IN ('pass', 'warn', 'fail', 'error', 'not_applicable')),
    CONSTRAINT lint_failure_is_told CHECK ((result = 'error') = (failure IS NOT NULL)),
    CONSTRAINT lint_counts_are_not_negative CHECK (errors >= 0 AND warnings >= 0 AND informations >= 0 AND hints >= 0),
    CONSTRAINT revision_of_a_report_is_in_its_org FOREIGN KEY (org_id, revision_id) REFERENCES revision (org_id, id)
);

CREATE TABLE lint_finding (
    lint_report_id uuid NOT NULL REFERENCES lint_report (id),
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
    -- SHA-256 over rule, pointer and message: stable when lines move
    fingerprint bytea NOT NULL,
    CONSTRAINT finding_number_is_unique PRIMARY KEY (lint_report_id, number),
    CONSTRAINT finding_severity_is_known CHECK (severity BETWEEN 0 AND 3)
);
CREATE INDEX lint_finding_by_fingerprint ON lint_finding (fingerprint);

-- Releases ------------------------------------------------------------------------------------------------------------

CREATE TABLE release_state (name text PRIMARY KEY);
INSERT INTO release_state (name) VALUES ('new'), ('published'), ('retired');
CREATE TABLE release_transition (
    from_state text NOT NULL REFERENCES release_state (name),
    event text NOT NULL,
    to_state text NOT NULL REFERENCES release_state (name),
    PRIMARY KEY (from_state, to_state)
);
INSERT INTO release_transition (from_state, event, to_state) VALUES
    ('new', 'publish', 'published'),
    ('published', 'retire', 'retired');

CREATE TABLE release (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    api_version_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    revision_id uuid NOT NULL,
    upstream_id uuid NOT NULL,
    manifest_sha256 bytea NOT NULL,
    state text NOT NULL,
    state_before text NOT NULL DEFAULT 'new',
    suspended boolean NOT NULL DEFAULT false,
    suspension_reason text,
    weight integer NOT NULL DEFAULT 100,
    published_at timestamptz NOT NULL,
    -- null: a scheduled act of the control plane
    published_by uuid,
    retired_at timestamptz,
    -- the release that took this one's place; null: still published, or its version was retired
    superseded_by uuid,
    CONSTRAINT release_belongs_to_its_org UNIQUE (org_id, id),
    CONSTRAINT release_state_moves_legally FOREIGN KEY (state_before, state) REFERENCES release_transition (from_state, to_state),
    CONSTRAINT release_weight_is_between_0_and_1000 CHECK (weight BETWEEN 0 AND 1000),
    CONSTRAINT suspension_has_a_reason CHECK (suspended = (suspension_reason IS NOT NULL)),
    CONSTRAINT suspension_reason_is_not_too_long CHECK (length(suspension_reason) BETWEEN 1 AND 2000),
    CONSTRAINT retired_release_has_its_date CHECK ((state = 'retired') = (retired_at IS NOT NULL)),
    CONSTRAINT release_is_of_an_approved_manifest FOREIGN KEY (revision_id, manifest_sha256)
        REFERENCES approval (revision_id, manifest_sha256),
    CONSTRAINT revision_of_a_release_is_of_its_version FOREIGN KEY (api_version_id, revision_id)
        REFERENCES revision (api_version_id, id),
    CONSTRAINT version_of_a_release_is_in_its_org FOREIGN KEY (org_id, api_version_id) REFERENCES api_version (org_id, id),
    CONSTRAINT environment_of_a_release_is_in_its_org FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id),
    CONSTRAINT upstream_of_a_release_is_in_its_org FOREIGN KEY (org_id, upstream_id) REFERENCES upstream (org_id, id),
    CONSTRAINT publisher_is_in_the_same_org FOREIGN KEY (org_id, published_by) REFERENCES member (org_id, id)
);
ALTER TABLE release ADD CONSTRAINT release_is_superseded_by_a_release FOREIGN KEY (superseded_by) REFERENCES release (id)
    DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX one_published_release_per_version_and_environment ON release (environment_id, api_version_id)
    WHERE state = 'published';
CREATE INDEX release_by_version ON release (api_version_id, id DESC);

CREATE FUNCTION release_remembers_its_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IS DISTINCT FROM OLD.state THEN
        NEW.state_before := OLD.state;
    END IF;
    IF (NEW.id, NEW.org_id, NEW.api_version_id, NEW.environment_id, NEW.revision_id, NEW.upstream_id, NEW.manifest_sha256)
        IS DISTINCT FROM
       (OLD.id, OLD.org_id, OLD.api_version_id, OLD.environment_id, OLD.revision_id, OLD.upstream_id, OLD.manifest_sha256)
    THEN
        RAISE EXCEPTION 'what a release runs does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_is_immutable';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER release_remembers_its_state BEFORE UPDATE ON release
    FOR EACH ROW EXECUTE FUNCTION release_remembers_its_state();

CREATE TABLE lifecycle_event (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    api_version_id uuid NOT NULL,
    -- null: concerns the version in every environment
    environment_id uuid,
    event text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    reason text NOT NULL DEFAULT '',
    evidence jsonb NOT NULL DEFAULT '{}',
    -- null: the system or the local operator
    member_id uuid,
    occurred_at timestamptz NOT NULL,
    CONSTRAINT version_of_an_event_is_in_its_org FOREIGN KEY (org_id, api_version_id) REFERENCES api_version (org_id, id)
);
CREATE INDEX lifecycle_event_by_version ON lifecycle_event (api_version_id, id DESC);

-- What the gate runs --------------------------------------------------------------------------------------------------

-- The compiled form of one revision, so that publishing does not read large documents again.
CREATE TABLE compiled_revision (
    org_id uuid NOT NULL,
    revision_id uuid NOT NULL,
    -- the compiler's own version: another one compiles again
    compiler text NOT NULL,
    body bytea NOT NULL,
    compiled_at timestamptz NOT NULL,
    CONSTRAINT revision_is_compiled_once PRIMARY KEY (revision_id, compiler),
    CONSTRAINT revision_of_a_compilation_is_in_its_org FOREIGN KEY (org_id, revision_id) REFERENCES revision (org_id, id)
);

CREATE TABLE routing_snapshot (
    org_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    generation bigint NOT NULL,
    -- the whole artefact: header, body, checksum, signature
    artefact bytea NOT NULL,
    body_sha256 bytea NOT NULL,
    -- the generation that was newest when this one was made; 0: none
    parent_generation bigint NOT NULL,
    -- the older generation whose content this one carries; null: compiled anew
    content_of_generation bigint,
    cause text NOT NULL,
    reason text NOT NULL DEFAULT '',
    api_count integer NOT NULL,
    version_count integer NOT NULL,
    operation_count integer NOT NULL,
    -- null: the system or the local operator
    created_by uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT generation_is_unique_in_its_environment PRIMARY KEY (environment_id, generation),
    CONSTRAINT generation_follows_its_parent CHECK (generation = parent_generation + 1),
    CONSTRAINT snapshot_carries_an_older_content CHECK (content_of_generation < generation),
    -- Old generations are deleted after a while; what was made of them stays.
    CONSTRAINT carried_generation_exists FOREIGN KEY (environment_id, content_of_generation)
        REFERENCES routing_snapshot (environment_id, generation) ON DELETE SET NULL (content_of_generation),
    CONSTRAINT environment_of_a_snapshot_is_in_its_org FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id)
);

CREATE TABLE gateway (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    name text NOT NULL,
    software_version text NOT NULL,
    -- what it serves now
    generation bigint NOT NULL,
    entitlement_sequence bigint NOT NULL,
    -- why it holds back the newest snapshot; null: it does not
    problem text,
    started_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    CONSTRAINT gateway_name_is_unique UNIQUE (environment_id, name),
    CONSTRAINT gateway_name_is_not_too_long CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT gateway_version_is_not_too_long CHECK (length(software_version) <= 200),
    CONSTRAINT gateway_problem_is_not_too_long CHECK (length(problem) <= 2000),
    CONSTRAINT environment_of_a_gateway_is_in_its_org FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id)
);
CREATE INDEX gateway_by_last_seen ON gateway (environment_id, last_seen_at DESC);

-- Why requests were refused, for `explain` by request id; kept for a while, not for ever.
CREATE TABLE request_denial (
    org_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    request_id text NOT NULL,
    gateway_name text NOT NULL,
    occurred_at timestamptz NOT NULL,
    status smallint NOT NULL,
    code text NOT NULL,
    method text NOT NULL,
    host text NOT NULL,
    -- never the query: it may carry secrets
    path text NOT NULL,
    -- what was known when the request was refused; null: not known yet
    api text,
    version text,
    operation text,
    application text,
    credential text,
    plan text,
    limit_name text,
    detail text NOT NULL,
    -- what the gateway served at that moment
    generation bigint,
    entitlement_sequence bigint,
    -- {"file", "line", "pointer", "sha256"}: where the operation is written; null: no operation was found
    specification jsonb,
    CONSTRAINT request_is_explained_once PRIMARY KEY (environment_id, request_id),
    CONSTRAINT request_id_is_not_too_long CHECK (length(request_id) BETWEEN 1 AND 200),
    CONSTRAINT denial_path_is_not_too_long CHECK (length(path) <= 8192),
    CONSTRAINT environment_of_a_denial_is_in_its_org FOREIGN KEY (org_id, environment_id) REFERENCES environment (org_id, id)
);
CREATE INDEX request_denial_by_time ON request_denial (environment_id, occurred_at);

-- Repeated requests, events, audit --------------------------------------------------------------------------------------

-- Written in the transaction of the act itself: a retry after a lost answer finds the first result, or nothing at all.
CREATE TABLE idempotency_key (
    org_id uuid NOT NULL REFERENCES org (id),
    -- the member's id, or the name of an actor who is no member
    actor text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    result jsonb,
    created_at timestamptz NOT NULL,
    CONSTRAINT idempotency_key_is_used_once PRIMARY KEY (org_id, actor, key),
    CONSTRAINT idempotency_key_is_not_too_long CHECK (length(key) BETWEEN 1 AND 255)
);
CREATE INDEX idempotency_key_by_age ON idempotency_key (created_at);

CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES org (id),
    type text NOT NULL,
    subject text NOT NULL,
    payload jsonb NOT NULL,
    occurred_at timestamptz NOT NULL,
    -- null: not yet handed on
    delivered_at timestamptz
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE delivered_at IS NULL;

-- One chain of audit rows for each organization. `audit_head` holds its end, so that a missing last row shows, and its
-- row lock is what makes the chain one chain.
CREATE TABLE audit_head (
    org_id uuid PRIMARY KEY REFERENCES org (id),
    sequence bigint NOT NULL,
    hash bytea NOT NULL
);

CREATE TABLE audit (
    org_id uuid NOT NULL REFERENCES org (id),
    sequence bigint NOT NULL,
    id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    -- null: the system or the local operator
    member_id uuid,
    actor text NOT NULL,
    authentication text NOT NULL,
    -- null: not by a token
    token_id uuid,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    subject text NOT NULL,
    -- the team whose matter it is; null: the organization's
    team_id uuid,
    request_id text,
    address text,
    user_agent text,
    detail jsonb NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_sequence_is_unique PRIMARY KEY (org_id, sequence),
    CONSTRAINT audit_id_is_unique UNIQUE (id)
);
CREATE INDEX audit_by_subject ON audit (org_id, subject_kind, subject_id, sequence DESC);
CREATE INDEX audit_by_member ON audit (org_id, member_id, sequence DESC);

-- Each field as its length in bytes, a colon and its bytes; null as `-`. No two different rows give the same text.
CREATE FUNCTION audit_field(value text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN value IS NULL THEN '-'::bytea
        ELSE convert_to(octet_length(convert_to(value, 'UTF8'))::text || ':' || value, 'UTF8') END
$$;

CREATE FUNCTION audit_is_chained() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head audit_head;
BEGIN
    INSERT INTO audit_head (org_id, sequence, hash) VALUES (NEW.org_id, 0, sha256(NEW.org_id::text::bytea))
        ON CONFLICT (org_id) DO NOTHING;
    SELECT * INTO head FROM audit_head WHERE org_id = NEW.org_id FOR UPDATE;
    NEW.sequence := head.sequence + 1;
    NEW.prev_hash := head.hash;
    NEW.hash := sha256(
        head.hash
        || audit_field(NEW.org_id::text) || audit_field(NEW.sequence::text) || audit_field(NEW.id::text)
        || audit_field((extract(epoch FROM NEW.occurred_at) * 1000000)::bigint::text)
        || audit_field(NEW.member_id::text) || audit_field(NEW.actor) || audit_field(NEW.authentication)
        || audit_field(NEW.token_id::text) || audit_field(NEW.action) || audit_field(NEW.subject_kind)
        || audit_field(NEW.subject_id::text) || audit_field(NEW.subject) || audit_field(NEW.team_id::text)
        || audit_field(NEW.request_id) || audit_field(NEW.address) || audit_field(NEW.user_agent)
        || audit_field(NEW.detail::text)
    );
    UPDATE audit_head SET sequence = NEW.sequence, hash = NEW.hash WHERE org_id = NEW.org_id;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_is_chained BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_chained();

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are neither changed nor deleted'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_is_append_only';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_is_not_truncated BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
