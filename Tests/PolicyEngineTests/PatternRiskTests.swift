import Testing

@testable import PolicyEngine

@Suite("PatternRisk")
struct PatternRiskTests {
    @Test(
        "an ambiguous repetition is found",
        arguments: [
            "^(a+)+$", "^(a|aa)+$", "^(a|a)*$", #"^(\d+,?)*$"#,
            #"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+$"#,
            #"^(a+)\1+$"#, "^((a+)+)+$", #"(\w+\s?)+:"#, "(x*)*y", "(?=(a+)+$)b", "^(?:[a-z]+_?)*$",
            #"^(([a-z])+.)+[A-Z]([a-z])+$"#,
        ]
    )
    func unbounded(pattern: String) {
        guard case .unbounded = PatternRisk.verdict(on: pattern) else {
            Issue.record("\(PatternRisk.verdict(on: pattern))")
            return
        }
    }

    @Test(
        "a plain repetition is not",
        arguments: [
            "^[a-z]+$", #"^(\d+,)*\d+$"#, "^(a+b+)*$", #"^\d{4}-\d{2}-\d{2}$"#, "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
            "^(?:[a-z0-9]+(?:-[a-z0-9]+)*)$", "(a+)+", #"^https?://[^\s]+$"#, "^(foo|bar)+$", #"(['"])x\1"#, "", "^.*$",
            #"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"#, #"^[^@]+@[^@]+\.[^@]+$"#, "a{x",
        ]
    )
    func fine(pattern: String) {
        #expect(PatternRisk.verdict(on: pattern) == .fine)
    }

    @Test(
        "a text that is no pattern is told apart",
        arguments: ["(", "[z-a]", "*a", "a{2,1}", "(?<n>a)(?<n>b)", "^((a{1,100}){1,100}){1,100}$"]
    )
    func invalid(pattern: String) {
        guard case .invalid = PatternRisk.verdict(on: pattern) else {
            Issue.record("\(PatternRisk.verdict(on: pattern))")
            return
        }
    }
}
