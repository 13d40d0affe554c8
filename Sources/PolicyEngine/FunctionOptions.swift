internal import DocumentTree

/// The `functionOptions` of a rule while a function reads them.
struct FunctionOptions {
    /// The name of the function, for messages.
    let function: String
    /// The options as written; nil where there are none or null.
    let node: Node?

    /// Refuses anything at all.
    func requireNone() throws(OptionsRejected) {
        guard node == nil else { throw OptionsRejected("\"\(function)\" function does not accept any options") }
    }

    /// The options as a mapping that is not empty and has no other keys than these.
    ///
    /// - Parameters:
    ///   - keys: the options the function has.
    ///   - examples: valid options, for the message.
    ///   - isOptional: whether no options at all are fine.
    /// - Returns: the options; nil where there are none and that is fine.
    /// - Throws: ``OptionsRejected`` for anything else.
    func mapping(
        keys: [String],
        examples: String,
        isOptional: Bool = false
    ) throws(OptionsRejected) -> Node? {
        guard let node else {
            if isOptional { return nil }
            throw invalid(examples)
        }
        guard node.isMapping else { throw invalid(examples) }
        var rejected = OptionsRejected(problems: [])
        for (key, _) in node.entries where !keys.contains(key) {
            rejected.problems.append(
                .init(message: "\"\(function)\" function does not support \"\(key)\" option", path: [key])
            )
        }
        if !rejected.problems.isEmpty { throw rejected }
        if node.count == 0, !isOptional { throw invalid(examples) }
        return node
    }

    /// The general refusal with examples of what would be taken.
    func invalid(_ examples: String) -> OptionsRejected {
        OptionsRejected("\"\(function)\" function has invalid options specified. Example valid options: \(examples)")
    }

    func wrongType(_ option: String, expected: String) -> OptionsRejected.Problem {
        .init(
            message:
                "\"\(function)\" function and its \"\(option)\" option accepts only the following types: \(expected)",
            path: [option]
        )
    }
}

/// Options that a function does not take.
struct OptionsRejected: Error {
    struct Problem {
        let message: String
        /// Below `functionOptions`.
        let path: [String]
    }

    var problems: [Problem]

    init(problems: [Problem]) { self.problems = problems }

    init(_ message: String, at path: [String] = []) {
        problems = [Problem(message: message, path: path)]
    }
}
