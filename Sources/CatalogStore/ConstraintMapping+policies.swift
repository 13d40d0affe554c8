/// The constraints of rulesets, policies and waivers.
extension ConstraintMapping {
    static let policies: [Refusal] = rulesets + terms + waivers

    private static let nameRule =
        "use lowercase letters, digits and hyphens, starting and ending with a letter or digit, at most 63 characters"

    private static let rulesets: [Refusal] = [
        Refusal(
            "ruleset_name_is_unique",
            "concurrent-change",
            "somebody else made a ruleset of this name at the same moment",
            mend: "look at it, then repeat the change if it is still needed"
        ),
        Refusal(
            "ruleset_name_is_well_formed",
            "name-invalid",
            "the ruleset's name is not well formed",
            mend: nameRule + "; names with `:` belong to built-in rulesets"
        ),
        Refusal(
            "ruleset_title_is_not_too_long",
            "validation-failed",
            "the title is empty or longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal(
            "ruleset_text_is_not_too_long",
            "validation-failed",
            "the ruleset is empty or larger than 1048576 bytes",
            mend: "split it into several rulesets and bind all of them"
        ),
        Refusal(
            "ruleset_message_is_not_too_long",
            "validation-failed",
            "the message is longer than 2000 characters",
            mend: "shorten it"
        ),
        Refusal(
            "ruleset_is_kept_while_a_policy_names_it",
            "in-use",
            "a policy names the ruleset",
            mend: "take it out of the policies first"
        ),
        Refusal(
            "policy_names_a_ruleset_in_use",
            "not-found",
            "the ruleset was deleted at the same moment",
            mend: "name an existing ruleset"
        ),
    ]

    private static let terms: [Refusal] = [
        Refusal(
            "policy_name_is_unique",
            "concurrent-change",
            "somebody else made a policy of this name at the same moment",
            mend: "look at it, then repeat the change if it is still needed"
        ),
        Refusal("policy_name_is_well_formed", "name-invalid", "the policy's name is not well formed", mend: nameRule),
        Refusal(
            "policy_title_is_not_too_long",
            "validation-failed",
            "the title is empty or longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal(
            "policy_description_is_not_too_long",
            "validation-failed",
            "the description is longer than 10000 characters",
            mend: "shorten it"
        ),
        Refusal(
            "policy_mode_is_known",
            "validation-failed",
            "the mode is `off`, `observe`, `warn` or `enforce`",
            mend: "choose one of them"
        ),
        Refusal(
            "policy_has_at_most_20_rulesets",
            "limit-reached",
            "a policy binds at most 20 rulesets",
            mend: "make a ruleset that extends several, or a second policy"
        ),
        Refusal(
            "policy_names_a_ruleset_once",
            "validation-failed",
            "the policy names a ruleset twice",
            mend: "leave one of the two out"
        ),
    ]

    private static let waivers: [Refusal] = [
        Refusal(
            "waiver_rule_is_not_too_long",
            "validation-failed",
            "the rule's name is empty or longer than 200 characters",
            mend: "give the code that the finding shows"
        ),
        Refusal(
            "waiver_covers_a_pointer_or_a_fingerprint",
            "validation-failed",
            "a waiver covers a pointer or a fingerprint, one of the two",
            mend: "give the one that the finding shows"
        ),
        Refusal(
            "waiver_pointer_is_well_formed",
            "validation-failed",
            "the pointer is no JSON Pointer (RFC 6901)",
            mend: "start it with `/` and write `~1` for a slash inside a name"
        ),
        Refusal(
            "waiver_pointer_is_not_too_long",
            "validation-failed",
            "the pointer is longer than 2000 characters",
            mend: "use the finding's fingerprint"
        ),
        Refusal(
            "waiver_fingerprint_is_well_formed",
            "validation-failed",
            "the fingerprint is not between 16 and 64 hexadecimal digits long",
            mend: "give the one that the finding shows"
        ),
        Refusal(
            "waiver_reason_is_not_too_long",
            "reason-required",
            "the reason is missing or longer than 2000 characters",
            mend: "say why the rule may be broken"
        ),
        Refusal(
            "waiver_expires_after_it_was_requested",
            "dates-out-of-order",
            "the waiver would be over before it began",
            mend: "give a later end"
        ),
        Refusal(
            "waiver_lasts_at_most_180_days",
            "validation-failed",
            "a waiver lasts at most 180 days",
            mend: "give an earlier end, and ask again when it is over"
        ),
        Refusal(
            "waiver_is_granted_by_another_person",
            "waiver-not-permitted",
            "who asked for a waiver does not decide on it, neither by own hand nor through a machine",
            mend: "have another person decide"
        ),
        Refusal(
            "waiver_is_decided_by_a_person",
            "waiver-not-permitted",
            "a machine does not decide on a waiver",
            mend: "have a person decide"
        ),
        Refusal(
            "waiver_is_decided_once",
            "already-decided",
            "the waiver is decided",
            mend: "revoke it, or ask for another one"
        ),
        Refusal(
            "waiver_decision_comment_is_not_too_long",
            "validation-failed",
            "the comment is longer than 2000 characters",
            mend: "shorten it"
        ),
        Refusal("waiver_refusal_says_why", "reason-required", "a refusal needs a reason", mend: "say why in `comment`"),
        Refusal(
            "waiver_revocation_reason_is_not_too_long",
            "reason-required",
            "the reason is missing or longer than 2000 characters",
            mend: "say why the waiver is taken back"
        ),
    ]
}
