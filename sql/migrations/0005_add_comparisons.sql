-- What changes from one document to another, and what policies and approvals make of it.

-- Depends on the two documents and the engine and nothing else, so that it is made once.
CREATE TABLE comparison (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES org (id),
    base_sha256 bytea NOT NULL,
    revision_sha256 bytea NOT NULL,
    -- the comparison's own version
    engine text NOT NULL,
    required_bump text NOT NULL,
    errors integer NOT NULL,
    warnings integer NOT NULL,
    informations integer NOT NULL,
    -- [{"field", "base": {"pointer", "line", "character"}, "revision": ...}]: words, examples and links that were edited
    documentation_edits jsonb NOT NULL,
    -- whether these edits are all that differs; whatever no check looks at counts as more
    is_only_documentation boolean NOT NULL,
    -- why the documents could not be compared; null: they were
    failure text,
    compared_at timestamptz NOT NULL,
    CONSTRAINT documents_are_compared_once UNIQUE (org_id, base_sha256, revision_sha256, engine),
    CONSTRAINT comparison_bump_is_known CHECK (required_bump IN ('none', 'patch', 'minor', 'major')),
    CONSTRAINT documentation_edits_come_without_changes CHECK (
        NOT is_only_documentation OR failure IS NULL AND errors + warnings + informations = 0
    )
);

CREATE TABLE comparison_change (
    comparison_id uuid NOT NULL REFERENCES comparison (id),
    -- the place in the report, worst first, from 1
    number integer NOT NULL,
    check_id text NOT NULL,
    level text NOT NULL,
    fingerprint text NOT NULL,
    -- the whole change with its sites, its places and what stood there before and after
    detail jsonb NOT NULL,
    CONSTRAINT change_number_is_unique PRIMARY KEY (comparison_id, number),
    CONSTRAINT change_level_is_known CHECK (level IN ('error', 'warning', 'info'))
);

-- What a policy decided about changes that break callers; null: nothing was compared.
ALTER TABLE policy_decision ADD COLUMN base_sha256 bytea;
ALTER TABLE policy_decision ADD COLUMN breaking_count integer;
ALTER TABLE policy_decision ADD CONSTRAINT breaking_changes_are_counted_against_a_base
    CHECK ((base_sha256 IS NULL) = (breaking_count IS NULL));

-- An approval that holds on for another revision, because only documentation was edited.
CREATE TABLE approval_carry (
    org_id uuid NOT NULL,
    from_revision_id uuid NOT NULL,
    from_manifest_sha256 bytea NOT NULL,
    to_revision_id uuid NOT NULL,
    to_manifest_sha256 bytea NOT NULL,
    comparison_id uuid NOT NULL REFERENCES comparison (id),
    carried_at timestamptz NOT NULL,
    CONSTRAINT approval_is_carried_once PRIMARY KEY (to_revision_id, to_manifest_sha256),
    CONSTRAINT source_of_a_carry_is_in_its_org FOREIGN KEY (org_id, from_revision_id) REFERENCES revision (org_id, id),
    CONSTRAINT target_of_a_carry_is_in_its_org FOREIGN KEY (org_id, to_revision_id) REFERENCES revision (org_id, id)
);

-- The database looks for itself: the approval is there, both are of one version, run under the same settings and upstream, and the
-- documents that were compared are theirs and differ in documentation only.
CREATE FUNCTION approval_is_carried_for_documentation_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1
        FROM revision f
        JOIN revision t ON t.id = NEW.to_revision_id AND t.api_version_id = f.api_version_id
            AND t.settings_sha256 = f.settings_sha256 AND t.upstream_id IS NOT DISTINCT FROM f.upstream_id
            AND t.manifest_sha256 = NEW.to_manifest_sha256
        JOIN approval a ON a.revision_id = f.id AND a.manifest_sha256 = NEW.from_manifest_sha256
        JOIN spec_content b ON b.id = f.spec_content_id
        JOIN spec_content r ON r.id = t.spec_content_id
        JOIN comparison c ON c.id = NEW.comparison_id AND c.base_sha256 = b.sha256 AND c.revision_sha256 = r.sha256
        WHERE f.id = NEW.from_revision_id AND f.manifest_sha256 = NEW.from_manifest_sha256 AND c.is_only_documentation
    ) THEN
        RAISE EXCEPTION 'the approval is not for a document that differs in documentation only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_is_carried_for_documentation_only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_is_carried_for_documentation_only BEFORE INSERT ON approval_carry
    FOR EACH ROW EXECUTE FUNCTION approval_is_carried_for_documentation_only();
CREATE TRIGGER approval_carry_is_immutable BEFORE UPDATE OR DELETE ON approval_carry
    FOR EACH ROW EXECUTE FUNCTION row_is_immutable();

-- As before, with one more way to an approval: a carry from another revision of the version.
CREATE OR REPLACE FUNCTION approval_has_its_quorum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    needed integer;
    votes integer;
BEGIN
    IF NEW.carried_from_sha256 IS NOT NULL THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT 1 FROM approval_carry
        WHERE to_revision_id = NEW.revision_id AND to_manifest_sha256 = NEW.manifest_sha256
    ) THEN
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
