import Foundation
import Testing

@Suite("The story that `make demo` tells", .enabled(if: Binary.path != nil, "needs the release binary"))
struct StoryTests {
    @Test("the demo ends well: every step answers as told")
    func demo() async throws {
        let script = Binary.root.appending(path: "specs/examples/demo").path
        let result = try await Shell.run(script, [try #require(Binary.path), "--once"])
        #expect(result.code == 0, "\(result.output.suffix(3_000))\n\(result.errors.suffix(1_000))")
        for line in ["1. Start everything", "429", "Deprecation: @", "Told."] {
            #expect(result.output.contains(line), "the demo never said `\(line)`")
        }
    }
}
