import Glibc

/// What must hold of every input of the gateway's readers, as functions from bytes to a fault.
///
/// The ordinary test run gives them the fixtures (`SeedTests`); `make fuzz` links them with libFuzzer, which calls
/// ``fuzzOneInput(_:_:)`` with bytes that it makes up, and `FUZZ_TARGET` names the check that gets them. A test target,
/// because only tests may look at what a module keeps to itself.
enum GateFuzz {
    /// A check: nil when all holds, else what does not.
    typealias Check = @Sendable ([UInt8]) -> String?

    /// The checks by name.
    static let checks: [String: Check] = [
        "head": HeadCheck.fault,
        "chunked": ChunkedCheck.fault,
        "path": PathCheck.fault,
        "routes": RoutesCheck.fault,
        "snapshot": SnapshotCheck.fault,
        "entitlements": EntitlementsCheck.fault,
    ]

    /// The check that the environment asks for; a wrong name ends the program at once.
    static let chosen: Check = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let check = checks[name] else {
            print("FUZZ_TARGET is `\(name)`, expected one of \(checks.keys.sorted().joined(separator: ", "))")
            exit(2)
        }
        return check
    }()
}

/// libFuzzer's entry (llvm.org/docs/LibFuzzer.html): called once for every input, always returns 0.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    if let fault = GateFuzz.chosen(Array(UnsafeBufferPointer(start: bytes, count: count))) {
        // An optimised build keeps the message of a precondition to itself.
        print(fault)
        fflush(nil)
        preconditionFailure(fault)
    }
    return 0
}

/// A sequence of numbers that depends on nothing but its start: places to cut an input at.
struct Cuts {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// A number from 0 up to and including `most`.
    mutating func next(upTo most: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(most + 1))
    }
}
