import Testing

@testable import Manifest

@Suite("Texts in manifests")
struct ManifestTextTests {
    @Test(
        "durations are ISO 8601",
        arguments: [
            ("PT1S", 1_000), ("PT1M30S", 90_000), ("P1DT1H", 90_000_000), ("P2W", 1_209_600_000), ("PT0.25S", 250),
            ("P1M", nil),
        ] as [(String, Int?)]
    )
    func durations(text: String, milliseconds: Int?) throws {
        #expect(try #require(ISODuration(text)).fixedMilliseconds == milliseconds)
    }

    @Test(
        "what is no duration is none",
        arguments: ["", "P", "PT", "1S", "PT1", "P1S", "PT1S1M", "PT-1S", "P1DT", "PT1.5M", "PT1.S", "P99999999999D"]
    )
    func noDurations(text: String) {
        #expect(ISODuration(text) == nil)
    }

    @Test(
        "times are RFC 3339, or a date alone",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:34:56Z", 951_827_696), ("2026-07-01", 1_782_864_000),
            ("2026-07-01T02:00:00+02:00", 1_782_864_000), ("2026-06-30t23:30:00.5-00:30", 1_782_864_000),
            ("1969-12-31T23:59:59Z", -1),
        ] as [(String, Int64)]
    )
    func times(text: String, seconds: Int64) {
        #expect(ManifestTime.seconds(text) == seconds)
        #expect(ManifestTime.seconds(ManifestTime.text(seconds)) == seconds)
    }

    @Test(
        "what is no time is none",
        arguments: ["2026-02-29", "2026-13-01", "2026-07-01T25:00:00Z", "2026-07-01T00:00:00", "soon", "2026-7-1", ""]
    )
    func noTimes(text: String) {
        #expect(ManifestTime.seconds(text) == nil)
    }

    @Test(
        "the nearest name is offered when it is near",
        arguments: [
            ("limts", "limits"), ("limist", "limits"), ("Limits", "limits"), ("l", nil), ("colour", nil),
            ("operation", "operations"),
        ] as [(String, String?)]
    )
    func nearest(name: String, expected: String?) {
        #expect(NearestName.nearest(to: name, among: ["limits", "operations", "api"]) == expected)
    }
}
