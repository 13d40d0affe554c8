/// The constraints of revisions, reviews, approvals, releases and what the gate runs.
extension ConstraintMapping {
    static let reviews: [Refusal] = [
        Refusal(
            "revision_number_is_unique_in_its_version",
            "concurrent-change",
            "another revision arrived at the same moment",
            mend: "submit again"
        ),
        Refusal(
            "content_is_submitted_once_while_open",
            "duplicate-submission",
            "the same content is in review or approved already",
            mend: "look at the existing revision"
        ),
        Refusal(
            "revision_message_is_not_too_long",
            "validation-failed",
            "the message is longer than 10000 characters",
            mend: "shorten it"
        ),
        Refusal(
            "revision_file_name_is_not_too_long",
            "validation-failed",
            "the file's name is empty or longer than 500 characters",
            mend: "shorten it"
        ),
        Refusal(
            "review_state_moves_legally",
            "illegal-transition",
            "the review cannot go from its state to this one",
            mend: "look at the review's state first"
        ),
        Refusal(
            "vote_comment_is_not_too_long",
            "validation-failed",
            "the comment is longer than 10000 characters",
            mend: "shorten it"
        ),
        Refusal(
            "refusal_says_why",
            "reason-required",
            "a rejection and a request for changes say why",
            mend: "add a comment"
        ),
        Refusal(
            "one_approval_per_person_and_manifest",
            "already-voted",
            "this person has approved this manifest already",
            mend: "another approver's vote is needed"
        ),
        Refusal(
            "vote_is_cast_on_an_open_review",
            "not-in-review",
            "the review is decided",
            mend: "submit a new revision, or look at the decision"
        ),
        Refusal(
            "vote_is_for_the_current_manifest",
            "approval-stale",
            "the vote is for a release manifest that is not the current one",
            mend: "look at the review again and vote on what it shows now"
        ),
        Refusal(
            "approver_is_not_author",
            "approval-not-permitted",
            "none of a revision's authors may approve it",
            mend: "ask somebody who did not write it"
        ),
        Refusal(
            "approver_is_a_person",
            "approval-not-permitted",
            "a service account does not approve",
            mend: "ask a person with the role approver"
        ),
        Refusal(
            "approval_has_its_quorum",
            "not-approved",
            "the approval does not have enough votes yet",
            mend: "ask for more approvers' votes"
        ),
    ]

    static let releases: [Refusal] = [
        Refusal(
            "approval_holds_for_one_manifest",
            "approval-stale",
            "the approval was used for another upstream",
            mend: "ask for a new review of this upstream"
        ),
        Refusal(
            "release_is_of_an_approved_manifest",
            "not-approved",
            "this specification, upstream and settings are not approved together",
            mend: "have the revision approved first"
        ),
        Refusal(
            "release_state_moves_legally",
            "illegal-transition",
            "the release cannot go from its state to this one",
            mend: "a retired release stays retired: publish again"
        ),
        Refusal(
            "one_published_release_per_version_and_environment",
            "concurrent-change",
            "another publication of this version came first",
            mend: "look at the release and publish again if it is still needed"
        ),
        Refusal(
            "release_weight_is_between_0_and_1000",
            "validation-failed",
            "the weight is not between 0 and 1000",
            mend: "choose one in that range"
        ),
        Refusal(
            "suspension_reason_is_not_too_long",
            "reason-required",
            "a suspension has a reason of at most 2000 characters",
            mend: "say why"
        ),
        Refusal(
            "generation_is_unique_in_its_environment",
            "generation-conflict",
            "another generation of the routing snapshot came first",
            mend: "try again"
        ),
        Refusal(
            "generation_follows_its_parent",
            "generation-conflict",
            "another generation of the routing snapshot came first",
            mend: "try again"
        ),
        Refusal(
            "gateway_name_is_not_too_long",
            "validation-failed",
            "the gateway's name is empty or longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal(
            "gateway_version_is_not_too_long",
            "validation-failed",
            "the gateway's version is longer than 200 characters",
            mend: "shorten it"
        ),
        Refusal(
            "idempotency_key_is_not_too_long",
            "validation-failed",
            "the idempotency key is empty or longer than 255 characters",
            mend: "shorten it"
        ),
    ]
}
