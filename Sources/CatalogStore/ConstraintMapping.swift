/// Constraint name → what the user is told. The database does the guarding; Swift only translates, so a rule stands in one
/// place. A test compares the names with those of a migrated database.
public enum ConstraintMapping {
    /// The meaning of a constraint; nil for one that only a fault of ours can violate.
    public static func refusal(for constraint: String) -> Refusal? { table[constraint] }

    /// Every mapped constraint's name.
    public static var names: Set<String> { Set(table.keys) }

    private static let table: [String: Refusal] = Dictionary(
        (people + catalog + reviews + releases + consumers + policies).map { ($0.constraint, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    private static let nameRule =
        "use lowercase letters, digits and hyphens, starting and ending with a letter or digit, at most 63 characters"

    private static let people: [Refusal] = [
        Refusal("org_name_is_unique", "name-taken", "an organization of this name exists", mend: "choose another name"),
        Refusal(
            "org_name_is_well_formed",
            "name-invalid",
            "the organization's name is not well formed",
            mend: nameRule
        ),
        Refusal(
            "org_title_is_not_too_long",
            "validation-failed",
            "the title is empty or longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal(
            "quorum_is_between_1_and_20",
            "validation-failed",
            "the number of required votes is not between 1 and 20",
            mend: "choose one in that range"
        ),
        Refusal("team_name_is_unique", "name-taken", "a team of this name exists", mend: "choose another name"),
        Refusal("team_name_is_well_formed", "name-invalid", "the team's name is not well formed", mend: nameRule),
        Refusal(
            "team_title_is_not_too_long",
            "validation-failed",
            "the title is empty or longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal("member_name_is_unique", "name-taken", "a member of this name exists", mend: "choose another name"),
        Refusal(
            "member_name_is_well_formed",
            "name-invalid",
            "the member's name is not well formed",
            mend: nameRule + "; dots and underscores are allowed inside"
        ),
        Refusal(
            "member_title_is_not_too_long",
            "validation-failed",
            "the title is empty or longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal(
            "member_email_is_not_too_long",
            "validation-failed",
            "the mail address is not between 3 and 320 characters long",
            mend: "correct it"
        ),
        Refusal(
            "member_kind_is_known",
            "validation-failed",
            "a member is a `person` or a `service`",
            mend: "choose one of the two"
        ),
        Refusal(
            "only_a_service_account_has_a_responsible_member",
            "validation-failed",
            "a person has no responsible member",
            mend: "leave it out, or make a `service`"
        ),
        Refusal(
            "responsible_member_is_in_the_same_org",
            "not-found",
            "the responsible member does not exist",
            mend: "name an existing member"
        ),
        Refusal("role_is_bound_once", "name-taken", "the member has this role already", mend: "nothing is left to do"),
        Refusal(
            "role_is_known",
            "validation-failed",
            "no such role",
            mend:
                "use one of org-admin, governance-admin, api-owner, api-editor, approver, app-owner, app-developer, auditor, gateway"
        ),
        Refusal(
            "administrators_roles_hold_for_the_whole_org",
            "validation-failed",
            "this role holds for the whole organization only",
            mend: "leave the team out"
        ),
        Refusal(
            "org_keeps_an_administrator",
            "last-administrator",
            "the organization would lose its last administrator",
            mend: "make another member an org-admin first"
        ),
        Refusal(
            "token_title_is_not_too_long",
            "validation-failed",
            "the token's title is empty or longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal(
            "token_expires_after_it_was_made",
            "validation-failed",
            "the token would be expired from the start",
            mend: "give a later date"
        ),
    ]

    private static let catalog: [Refusal] = [
        Refusal(
            "environment_name_is_unique",
            "name-taken",
            "an environment of this name exists",
            mend: "choose another name"
        ),
        Refusal(
            "environment_name_is_well_formed",
            "name-invalid",
            "the environment's name is not well formed",
            mend: nameRule
        ),
        Refusal(
            "api_name_is_unique",
            "name-taken",
            "an API of this name exists",
            mend: "choose another name, or submit to the existing one"
        ),
        Refusal("api_name_is_well_formed", "name-invalid", "the API's name is not well formed", mend: nameRule),
        Refusal(
            "api_title_is_not_too_long",
            "validation-failed",
            "the title is empty or longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal(
            "api_description_is_not_too_long",
            "validation-failed",
            "the description is longer than 10000 characters",
            mend: "shorten it"
        ),
        Refusal(
            "api_visibility_is_known",
            "validation-failed",
            "visibility is `public`, `internal` or `private`",
            mend: "choose one of them"
        ),
        Refusal("api_access_is_known", "validation-failed", "access is `plan` or `open`", mend: "choose one of them"),
        Refusal(
            "api_security_is_known",
            "validation-failed",
            "security is `verify` or `delegate`",
            mend: "choose one of them"
        ),
        Refusal(
            "base_path_starts_with_a_slash",
            "validation-failed",
            "the base path is not a path",
            mend: "start it with `/`, end it without one, and leave out `?`, `#` and spaces"
        ),
        Refusal(
            "base_path_is_not_too_long",
            "validation-failed",
            "the base path is longer than 400 characters",
            mend: "shorten it"
        ),
        Refusal("api_has_at_most_50_hosts", "limit-reached", "an API has at most 50 hosts", mend: "name fewer hosts"),
        Refusal("team_of_an_api_is_in_its_org", "not-found", "the team does not exist", mend: "name an existing team"),
        Refusal(
            "label_key_is_well_formed",
            "name-invalid",
            "the label's key is not well formed",
            mend: "use letters, digits, `.`, `_` and `-`, with an optional prefix and `/`"
        ),
        Refusal(
            "label_value_is_not_too_long",
            "validation-failed",
            "the label's value is longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal(
            "version_is_unique_in_its_api",
            "name-taken",
            "the API has this version already",
            mend: "submit to it, or choose another version"
        ),
        Refusal(
            "version_is_well_formed",
            "name-invalid",
            "the version is not well formed",
            mend: "use letters, digits, `.`, `_`, `+` and `-`, at most 100 characters"
        ),
        Refusal(
            "deprecation_is_announced_before_it_takes_effect",
            "dates-out-of-order",
            "a deprecation takes effect when it is announced or later",
            mend: "give a date that is not in the past"
        ),
        Refusal(
            "sunset_is_not_before_deprecation",
            "dates-out-of-order",
            "the sunset is before the deprecation takes effect",
            mend: "give a later sunset (RFC 9745 §4)"
        ),
        Refusal(
            "version_is_not_its_own_successor",
            "validation-failed",
            "a version is not its own successor",
            mend: "name another version"
        ),
        Refusal(
            "deprecation_link_is_not_too_long",
            "validation-failed",
            "the link is longer than 2000 characters",
            mend: "shorten it"
        ),
        Refusal(
            "deprecation_reason_is_not_too_long",
            "validation-failed",
            "the reason is longer than 2000 characters",
            mend: "shorten it"
        ),
        Refusal(
            "successor_is_a_version_of_the_same_api",
            "not-found",
            "the successor is no version of this API",
            mend: "name a version of the same API"
        ),
        Refusal(
            "upstream_name_is_well_formed",
            "name-invalid",
            "the upstream's name is not well formed",
            mend: nameRule
        ),
        Refusal(
            "upstream_has_between_1_and_100_targets",
            "validation-failed",
            "an upstream has between 1 and 100 targets",
            mend: "name at least one URL"
        ),
        Refusal(
            "upstream_timeouts_are_positive",
            "validation-failed",
            "an upstream's timeouts are above zero",
            mend: "give positive milliseconds"
        ),
    ]
}
