import SpecDiff
import Testing

@Suite("Edits of schemas")
struct SchemaEditTests {
    @Test("an edit is seen by its checks wherever the schema stands, and by no other", arguments: SchemaEdit.all)
    func edits(_ edit: SchemaEdit) throws {
        var isSeen = false
        for carrier in Carrier.allCases {
            let found = try checks(carrier.document(edit.base), carrier.document(edit.revision))
            #expect(found == carrier.ids(edit.endings), "\(carrier): \(edit.base) to \(edit.revision)")
            isSeen = isSeen || !found.isEmpty
            let near = try checks(carrier.document(edit.base), carrier.document(edit.near))
            #expect(near.isDisjoint(with: found), "\(carrier): \(edit.base) to \(edit.near) gives \(near)")
        }
        #expect(isSeen, "no carrier has a check for \(edit.endings)")
    }

    @Test("every check of the table has an edit or a pair of documents that it sees")
    func everyCheckFires() throws {
        try #require(SchemaEdit.all.count > 100 && DocumentPair.all.count > 150)
        var seen: Set<String> = []
        for edit in SchemaEdit.all {
            for carrier in Carrier.allCases { seen.formUnion(carrier.ids(edit.endings)) }
        }
        for pair in DocumentPair.all { seen.formUnion(pair.ids) }
        // What a limit cuts is said in LimitTests.
        #expect(ChangeTable.ids.subtracting(seen).sorted() == ["comparison-cut"])
    }
}

@Suite("Pairs of documents")
struct DocumentPairTests {
    @Test("a pair is seen by its checks, and one that looks alike is not", arguments: DocumentPair.all)
    func pairs(_ pair: DocumentPair) throws {
        let found = try pair.checks(pair.revision)
        #expect(found.isSuperset(of: pair.ids), "found \(found.sorted())")
        let near = try pair.checks(pair.near)
        #expect(near.isDisjoint(with: pair.ids), "found \(near.sorted()) in what only looks alike")
    }
}
