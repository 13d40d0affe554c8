import Lifecycle
import Testing

@Suite struct IdentifierTests {
    private let moment = Moment(rfc3339: "2026-07-01T12:00:00.123456Z")

    @Test("an identifier carries its time, version 7 and the variant of RFC 9562")
    func layout() throws {
        let moment = try #require(moment)
        let identifier = APIID.make(at: moment)
        #expect(identifier.value.high >> 16 == UInt64(moment.microseconds / 1000))
        #expect(identifier.value.high >> 12 & 0xF == 7)
        #expect(identifier.value.low >> 62 == 0b10)
    }

    @Test("identifiers made later sort later, also within a millisecond")
    func order() throws {
        let moment = try #require(moment)
        let first = APIID.make(at: moment)
        let second = APIID.make(at: moment.advanced(by: .microseconds(2)))
        #expect(first < second)
    }

    @Test("the text is a prefix and 32 digits, and reads back with and without the prefix and hyphens")
    func text() throws {
        let identifier = TeamID.make(at: try #require(moment))
        #expect(identifier.description.hasPrefix("team_"))
        #expect(identifier.description.utf8.count == 5 + 32)
        #expect(TeamID(identifier.description) == identifier)
        #expect(TeamID(identifier.value.hexadecimal) == identifier)
        #expect(APIID(identifier.description) == nil)
    }

    @Test(
        "a text that is no identifier is refused",
        arguments: ["", "team_", "team_0192", "x_y_z", "g" + String(repeating: "0", count: 31)]
    )
    func malformed(text: String) {
        #expect(TeamID(text) == nil)
    }

    @Test("bytes round-trip")
    func bytes() throws {
        let identifier = TeamID.make(at: try #require(moment)).value
        #expect(UniqueIdentifier(bytes: identifier.bytes) == identifier)
        #expect(UniqueIdentifier(bytes: [1, 2, 3]) == nil)
    }
}

@Suite struct MomentTests {
    @Test(
        "RFC 3339 texts read to the microsecond",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-07-01", 1_782_864_000_000_000),
            ("2000-02-29T23:59:59.5Z", 951_868_799_500_000), ("1969-12-31T23:59:59.999999Z", -1),
            ("2026-07-01T02:00:00+02:00", 1_782_864_000_000_000), ("1900-03-01T00:00:00Z", -2_203_891_200_000_000),
        ]
    )
    func reading(text: String, microseconds: Int64) {
        #expect(Moment(rfc3339: text)?.microseconds == microseconds)
    }

    @Test(
        "what is no RFC 3339 time is refused",
        arguments: [
            "", "2026-13-01", "2026-02-29", "2026-07-01T25:00:00Z", "2026-07-01T00:00:00", "2026-07-01T00:00:00.Z",
            "01/07/2026",
        ]
    )
    func refusing(text: String) {
        #expect(Moment(rfc3339: text) == nil)
    }

    @Test(
        "writing and reading give the same moment",
        arguments: [0, -1, 1_782_864_000_000_000, 951_868_799_500_000, -62_135_596_800_000_000]
    )
    func roundTrip(microseconds: Int64) {
        let moment = Moment(microseconds: microseconds)
        #expect(Moment(rfc3339: moment.rfc3339) == moment)
    }

    @Test("seconds round down, also before 1970")
    func seconds() {
        #expect(Moment(microseconds: -1).unixSeconds == -1)
        #expect(Moment(microseconds: 1_999_999).unixSeconds == 1)
    }

    @Test("advancing saturates at the ends")
    func saturation() {
        #expect(Moment(microseconds: .max).advanced(by: .seconds(1)).microseconds == .max)
        #expect(Moment(unixSeconds: .max).microseconds == .max)
    }
}
