/// The constraints of plans, applications, subscriptions, credentials and pins.
extension ConstraintMapping {
    static let consumers: [Refusal] = plans + applications + subscriptions + credentials + pins

    private static let nameRule =
        "use lowercase letters, digits and hyphens, starting and ending with a letter or digit, at most 63 characters"

    private static let plans: [Refusal] = [
        Refusal(
            "plan_name_is_unique",
            "name-taken",
            "a plan of this name exists",
            mend: "choose another name, or change the existing plan"
        ),
        Refusal("plan_name_is_well_formed", "name-invalid", "the plan's name is not well formed", mend: nameRule),
        Refusal(
            "plan_title_is_not_too_long",
            "validation-failed",
            "the title is empty or longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal(
            "plan_approval_is_known",
            "validation-failed",
            "approval is `automatic` or `manual`",
            mend: "choose one of the two"
        ),
        Refusal(
            "plan_lists_at_most_10000_operations",
            "limit-reached",
            "a plan lists at most 10000 operations",
            mend: "list fewer, or leave `operations` out to grant all"
        ),
        Refusal(
            "limit_name_is_unique_in_its_plan",
            "validation-failed",
            "two limits of the plan have the same name",
            mend: "rename one of them"
        ),
        Refusal("plan_has_at_most_20_limits", "limit-reached", "a plan has at most 20 limits", mend: "leave some out"),
        Refusal("limit_name_is_well_formed", "validation-failed", "a limit's name is not well formed", mend: nameRule),
        Refusal(
            "limit_amount_is_in_range",
            "validation-failed",
            "a limit's amount is not between 1 and 10^12",
            mend: "choose one in that range"
        ),
        Refusal(
            "limit_window_is_a_duration",
            "validation-failed",
            "a limit's window is no ISO 8601 duration",
            mend: "write `PT1S`, `PT15M`, `P1D` or `P1M`"
        ),
        Refusal(
            "smoothing_is_for_rates",
            "validation-failed",
            "a quota is counted exactly",
            mend: "use `algorithm: fixed` or `kind: rate`"
        ),
        Refusal(
            "smoothing_is_not_aligned",
            "validation-failed",
            "`gcra` has no windows to align",
            mend: "leave out `align: calendar`"
        ),
        Refusal(
            "burst_is_in_range",
            "validation-failed",
            "a limit's burst is not between 0 and 10^9",
            mend: "choose one in that range"
        ),
        Refusal(
            "fixed_window_has_no_burst",
            "validation-failed",
            "a fixed window has no burst",
            mend: "leave `burst` out"
        ),
    ]

    private static let applications: [Refusal] = [
        Refusal(
            "application_name_is_unique",
            "name-taken",
            "an application of this name exists",
            mend: "choose another name"
        ),
        Refusal(
            "application_name_is_well_formed",
            "name-invalid",
            "the application's name is not well formed",
            mend: nameRule
        ),
        Refusal(
            "application_title_is_not_too_long",
            "validation-failed",
            "the title is empty or longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal(
            "team_of_an_application_is_in_its_org",
            "not-found",
            "the team does not exist",
            mend: "name an existing team"
        ),
        Refusal(
            "application_is_not_archived",
            "illegal-transition",
            "the application is archived",
            mend: "register a new one"
        ),
    ]

    private static let subscriptions: [Refusal] = [
        Refusal(
            "one_open_subscription_per_application_api_environment_and_major",
            "subscription-exists",
            "the application has a pending, accepted or paused subscription to this major version",
            mend: "change or close that one"
        ),
        Refusal(
            "subscription_name_is_unique",
            "name-taken",
            "an open subscription of this name exists",
            mend: "choose another name"
        ),
        Refusal(
            "subscription_name_is_well_formed",
            "name-invalid",
            "the subscription's name is not well formed",
            mend: nameRule + "; dots and underscores are allowed inside"
        ),
        Refusal(
            "subscription_state_moves_legally",
            "illegal-transition",
            "the subscription cannot go from its state to this one",
            mend: "look at its state first"
        ),
        Refusal(
            "subscription_is_decided_once",
            "already-decided",
            "the decision has been taken",
            mend: "look at the subscription"
        ),
        Refusal(
            "decider_is_not_requester",
            "approval-not-permitted",
            "who asked for a subscription, or answers for the machine that did, does not decide on it",
            mend: "ask somebody else of the API's team"
        ),
        Refusal(
            "decision_names_who_decided",
            "approval-not-permitted",
            "a decision is taken by a member",
            mend: "decide with a member's token"
        ),
        Refusal(
            "subscription_ends_after_it_starts",
            "dates-out-of-order",
            "the subscription ends before it starts",
            mend: "give a later `endsAt`"
        ),
        Refusal(
            "subscription_major_is_not_negative",
            "validation-failed",
            "a major version is not negative",
            mend: "give 0 or more"
        ),
        Refusal(
            "subscription_comment_is_not_too_long",
            "validation-failed",
            "the comment is longer than 2000 characters",
            mend: "shorten it"
        ),
        Refusal(
            "decision_comment_is_not_too_long",
            "validation-failed",
            "the comment is longer than 2000 characters",
            mend: "shorten it"
        ),
        Refusal(
            "close_reason_is_not_too_long",
            "validation-failed",
            "the reason is longer than 2000 characters",
            mend: "shorten it"
        ),
        Refusal(
            "plan_of_a_subscription_is_of_its_api",
            "plan-mismatch",
            "the plan belongs to another API",
            mend: "choose a plan of the API"
        ),
    ]

    private static let credentials: [Refusal] = [
        Refusal(
            "key_is_unique_in_its_environment",
            "name-taken",
            "this key is known in the environment already",
            mend: "make a new key; a revoked one cannot be used again"
        ),
        Refusal(
            "key_digest_has_32_bytes",
            "validation-failed",
            "the hash of a key has 32 bytes",
            mend: "give the hexadecimal SHA-256 of the whole key"
        ),
        Refusal(
            "credential_name_is_unique",
            "name-taken",
            "the application has a credential of this name",
            mend: "choose another name"
        ),
        Refusal(
            "credential_name_is_well_formed",
            "name-invalid",
            "the credential's name is not well formed",
            mend: nameRule + "; dots and underscores are allowed inside"
        ),
        Refusal(
            "credential_note_is_not_too_long",
            "validation-failed",
            "the note is longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal(
            "revoke_reason_is_not_too_long",
            "validation-failed",
            "the reason is longer than 2000 characters",
            mend: "shorten it"
        ),
        Refusal(
            "credential_expires_after_it_was_made",
            "validation-failed",
            "the key would be expired from the start",
            mend: "give a later date"
        ),
        Refusal(
            "credential_expires_after_it_starts",
            "dates-out-of-order",
            "the key expires before it starts",
            mend: "give a later expiry"
        ),
        Refusal(
            "key_start_is_short",
            "validation-failed",
            "the first characters of a key are at most 24",
            mend: "shorten them"
        ),
        Refusal(
            "credential_stays_revoked",
            "illegal-transition",
            "a revoked key stays revoked",
            mend: "make a new key"
        ),
        Refusal(
            "credential_is_rotated_once",
            "rotation-in-progress",
            "the key has a successor already",
            mend: "rotate the successor, or revoke this key"
        ),
    ]

    private static let pins: [Refusal] = [
        Refusal(
            "pin_names_a_version_of_its_api",
            "pin-not-granted",
            "the pin names no version of this API",
            mend: "pin to a published version of the subscribed major"
        ),
        Refusal(
            "pin_reason_is_not_too_long",
            "validation-failed",
            "the reason is longer than 2000 characters",
            mend: "shorten it"
        ),
        Refusal(
            "pin_expires_after_it_was_made",
            "validation-failed",
            "the pin would be over from the start",
            mend: "give a later date"
        ),
    ]
}
