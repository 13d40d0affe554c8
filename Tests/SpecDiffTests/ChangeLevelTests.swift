import SpecDiff
import Testing

@Suite struct ChangeLevelTests {
    @Test("levels are read as they are written", arguments: ChangeLevel.allCases)
    func roundTrip(_ level: ChangeLevel) {
        #expect(ChangeLevel(name: level.name) == level)
    }

    @Test("a word that is no level is refused") func unknownWord() {
        #expect(ChangeLevel(name: "warn") == nil)
        #expect(ChangeLevel.error < .information)
    }
}
