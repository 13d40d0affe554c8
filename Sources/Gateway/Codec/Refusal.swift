internal import ProblemDetails

/// Why a message is not taken: the problem it is answered with, and one fixed sentence for people.
struct Refusal: Error, Equatable {
    let code: ProblemCode
    private let text: StaticString

    @_noAllocation @_noLocks
    init(_ code: ProblemCode, _ text: StaticString) {
        self.code = code
        self.text = text
    }

    var detail: String { text.description }

    static func == (left: Refusal, right: Refusal) -> Bool {
        left.code == right.code && left.detail == right.detail
    }
}
