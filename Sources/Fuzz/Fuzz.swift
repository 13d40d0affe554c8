import Glibc

/// The fuzzer's way into our parsers: libFuzzer calls ``fuzzOneInput(_:_:)`` with bytes that it makes up, `FUZZ_TARGET` names
/// the parser that gets them. `make fuzz` builds and runs it.
///
/// A target is not content with "did not crash": it checks what must hold of every input that was accepted, and stops with a
/// `precondition` where it does not.
enum Fuzz {
    /// A parser and what must hold of its answer.
    typealias Target = @Sendable ([UInt8]) -> Void

    /// The targets by name.
    static let targets: [String: Target] = [
        "json": DocumentTargets.json,
        "yaml": DocumentTargets.yaml,
        "ruleset": RulesetTarget.run,
        "jsonpath": JSONPathTarget.run,
    ]

    /// The target that the environment asks for; a wrong name ends the program at once.
    static let chosen: Target = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = targets[name] else {
            print("FUZZ_TARGET is `\(name)`, expected one of \(targets.keys.sorted().joined(separator: ", "))")
            exit(2)
        }
        return target
    }()
}

/// libFuzzer's entry (llvm.org/docs/LibFuzzer.html): called once for every input, always returns 0.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Fuzz.chosen(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
