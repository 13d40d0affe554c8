import PostgresTesting
import Testing

@testable import Postgres

/// A text that may only be one of three, as a domain type would conform.
private enum Colour: String, Parameter, RowDecodable, ArrayElement {
    case red
    case green
    case blue
}

/// An identifier of its own type.
private struct OrderID: RawRepresentable, Hashable, Parameter, RowDecodable, ArrayElement {
    let rawValue: PostgresUUID
}

@Suite("Parameters and rows")
struct RoundTripTests {
    private func check<Value: Parameter & RowDecodable & Equatable>(
        _ values: [Value],
        as type: String,
        _ session: some Session,
        _ place: SourceLocation = #_sourceLocation
    ) async throws {
        for value in values {
            let back: Value = try await session.queryValue(Statement(unsafeSQL: "SELECT $1::\(type)"), [value])
            #expect(back == value, sourceLocation: place)
            let optional: Value? = try await session.queryValue(Statement(unsafeSQL: "SELECT $1::\(type)"), [value])
            #expect(optional == value, sourceLocation: place)
        }
        let none: Value? = try await session.queryValue(Statement(unsafeSQL: "SELECT $1::\(type)"), [Value?.none])
        #expect(none == nil, sourceLocation: place)
    }

    @Test("every type comes back as it was sent, and nil as NULL")
    func types() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            let texts = [
                "", "a", "naïve 日本語 👩‍👩‍👧", "it's \"quoted\" \\ {,} NULL", "line\nline\ttab",
                String(repeating: "x", count: 100_000),
            ]
            try await check(texts, as: "text", session)
            try await check(["abc"], as: "varchar(10)", session)
            try await check([0, 1, -1, Int.max, Int.min], as: "int8", session)
            try await check([0, -1, Int64.max, Int64.min], as: "int8", session)
            try await check([0, -7, Int(Int32.max), Int(Int32.min)], as: "int4", session)
            try await check([Int16.min, Int16.max], as: "int2", session)
            try await check([UInt32.max], as: "int8", session)
            try await check([true, false], as: "bool", session)
            try await check(
                [0, -0.5, .pi, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude],
                as: "float8",
                session
            )
            try await check(
                [[], [0], [1, 0, 255], [UInt8](repeating: 7, count: 300_000)] as [[UInt8]],
                as: "bytea",
                session
            )
            let uuid = try #require(PostgresUUID("019ab0f2-7c3d-7e11-8a5b-00000000ffff"))
            try await check(
                [uuid, PostgresUUID(high: 0, low: 0), PostgresUUID(high: .max, low: .max)],
                as: "uuid",
                session
            )
            try await check(texts.map { JSONString($0) }.map(\.text), as: "json", session)
            try await check([[], ["", "NULL", "a,b", "{}", "\"\\", "日本"]] as [[String]], as: "text[]", session)
            try await check([[], [uuid, uuid]] as [[PostgresUUID]], as: "uuid[]", session)
            try await check([[], [1, Int64.min]] as [[Int64]], as: "int8[]", session)
            try await check([[true, false]] as [[Bool]], as: "bool[]", session)
            try await check([[[], [1, 2], [0, 255]]] as [[[UInt8]]], as: "bytea[]", session)
            try await check([["a", nil, "NULL"]] as [[String?]], as: "text[]", session)
            try await check([Colour.red, .blue], as: "text", session)
            try await check([[Colour.red, .green]], as: "text[]", session)
            try await check([OrderID(rawValue: uuid)], as: "uuid", session)
            try await check([[OrderID(rawValue: uuid)]], as: "uuid[]", session)
            await session.close()
        }
    }

    /// Text as a JSON document, for the `json` type that keeps it as it is.
    private struct JSONString {
        let text: String

        init(_ value: String) {
            var escaped = ""
            for scalar in value.unicodeScalars {
                switch scalar {
                case "\"", "\\": escaped += "\\\(scalar)"
                case "\n": escaped += "\\n"
                case "\t": escaped += "\\t"
                default: escaped.unicodeScalars.append(scalar)
                }
            }
            text = "\"\(escaped)\""
        }
    }

    @Test("times keep their microseconds, before the epoch, before our era and at both infinities")
    func times() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            let texts = [
                "1970-01-01 00:00:00+00", "2026-11-23 07:29:00.000001+00", "1969-12-31 23:59:59.999999+00",
                "2000-02-29 12:00:00+00", "1900-03-01 00:00:00+00", "0001-01-01 00:00:00+00",
                "0044-03-15 12:00:00+00 BC",
                "4713-01-01 00:00:00+00 BC", "12026-01-01 00:00:00+00", "290000-12-31 23:59:59.999999+00", "infinity",
                "-infinity",
            ]
            for text in texts {
                let time: Timestamp = try await session.queryValue("SELECT $1::timestamptz", [text])
                let isSame: Bool = try await session.queryValue(
                    "SELECT $1::timestamptz = $2::text::timestamptz",
                    [time, text]
                )
                #expect(isSame, "\(text) became \(time.postgresText)")
                let back: Timestamp = try await session.queryValue("SELECT $1::timestamptz", [time])
                #expect(back == time)
            }
            #expect(Timestamp(microseconds: 0).description == "1970-01-01T00:00:00Z")
            #expect(Timestamp(microseconds: -1).description == "1969-12-31T23:59:59.999999Z")
            #expect(Timestamp(microseconds: -1).seconds == -1)
            #expect(Timestamp(seconds: 1_795_418_940).description == "2026-11-23T07:29:00Z")
            #expect(Timestamp(seconds: .max) == .distantFuture)
            #expect(Timestamp(seconds: 0).advanced(by: .milliseconds(1500)) == Timestamp(microseconds: 1_500_000))
            #expect(Timestamp.distantFuture.advanced(by: .seconds(1)) == .distantFuture)
            let times: [Timestamp] = [Timestamp(microseconds: 1), .distantFuture]
            let back: [Timestamp] = try await session.queryValue("SELECT $1::timestamptz[]", [times])
            #expect(back == times)
            await session.close()
        }
    }

    @Test("jsonb is text both ways, and a parameter takes the type its place asks for")
    func inference() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            let json: String = try await session.queryValue(
                "SELECT $1::jsonb || '{\"b\": 2}'::jsonb",
                ["{\"a\": [1, null]}"]
            )
            #expect(json == "{\"a\": [1, null], \"b\": 2}")
            try await session.runScript(
                """
                CREATE TYPE mood AS ENUM ('calm', 'busy');
                CREATE TABLE thing (a int2, b int4, c numeric(10, 2), d mood, e jsonb, f interval)
                """
            )
            try await session.execute(
                "INSERT INTO thing (a, b, c, d, e, f) VALUES ($1, $2, $3, $4, $5, $6)",
                [1, 2, 3, "busy", "[1]", "90 seconds"]
            )
            let row = try await session.queryOne("SELECT a, b, c::text AS c, d, e, f::text AS f FROM thing")
            #expect(try row.decode("a", as: Int.self) == 1)
            #expect(try row.decode("b", as: Int64.self) == 2)
            #expect(try row.decode("c", as: String.self) == "3.00")
            #expect(try row.decode("d", as: String.self) == "busy")
            #expect(try row.decode("e", as: String.self) == "[1]")
            #expect(try row.decode("f", as: String.self) == "00:01:30")
            #expect(row.columnNames == ["a", "b", "c", "d", "e", "f"])
            await session.close()
        }
    }

    @Test("an answer that is not what was asked for is named with its column")
    func mismatches() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            let row = try await session.queryOne(
                """
                SELECT 1::int8 AS n, NULL::text AS nothing, 70000 AS big, 'violet' AS colour, now()::timestamp AS local,
                       '{{1,2},{3,4}}'::int4[] AS square, ARRAY['a', NULL] AS holes, 1.5::numeric AS price
                """
            )
            func failure<Value: RowDecodable>(_ column: String, as type: Value.Type) -> PostgresError? {
                do throws(PostgresError) {
                    _ = try row.decode(column, as: type)
                    return nil
                } catch { return error }
            }
            #expect(failure("n", as: String.self)?.message == "column `n`: int8 where text is expected for String")
            #expect(failure("nothing", as: String.self)?.message == "column `nothing`: NULL where String is expected")
            #expect(failure("big", as: Int16.self)?.message == "column `big`: 70000 does not fit Int16")
            #expect(failure("colour", as: Colour.self)?.message == "column `colour`: `violet` is no Colour")
            #expect(failure("local", as: Timestamp.self)?.column == "local")
            #expect(failure("square", as: [Int].self)?.message.contains("2 dimensions") == true)
            #expect(failure("holes", as: [String].self)?.message.contains("NULL") == true)
            #expect(failure("price", as: Double.self)?.kind == .decoding)
            #expect(failure("absent", as: Int.self)?.message.contains("the columns are n, nothing, big") == true)
            #expect(throws: PostgresError.self) { _ = try row.decode(at: 99, as: Int.self) }
            await session.close()
        }
    }

    @Test("a text with U+0000 is refused before it is sent, naming the parameter")
    func nul() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            for statement in ["SELECT $2::text, $1::text", "SELECT $1::text, $2::text[]"] as [Statement] {
                let parameter: any Parameter = statement.text.hasSuffix("[]") ? ["a\0b"] : "a\0b"
                let error = await #expect(throws: PostgresError.self) {
                    try await session.query(statement, ["x", parameter])
                }
                #expect(error?.kind == .invalidParameter)
                #expect(error?.message.hasPrefix("parameter $2 holds U+0000") == true)
            }
            let error = await #expect(throws: PostgresError.self) {
                try await session.query(Statement(unsafeSQL: "SELECT 1\0; DROP TABLE x"))
            }
            #expect(error?.kind == .invalidParameter)
            #expect(try await session.queryValue("SELECT 1", as: Int.self) == 1)
            await session.close()
        }
    }

    @Test("one answer can be read from many tasks at once, after its connection has gone")
    func sharedAnswer() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            let rows = try await session.query("SELECT n, repeat('x', n % 100) AS t FROM generate_series(1, 2000) AS n")
            await session.close()
            let total = try await withThrowingTaskGroup(of: Int.self) { group in
                for part in 0..<8 {
                    group.addTask {
                        try rows[part * 250..<(part + 1) * 250].reduce(0) { sum, row in
                            sum + (try row.decode("n", as: Int.self))
                                + (try row.decode("t", as: String.self)).utf8.count
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(total == 2000 * 2001 / 2 + 20 * 99 * 100 / 2)
        }
    }

    @Test("more parameters than the protocol can count are refused")
    func tooMany() async throws {
        try await TestDatabase.with { configuration in
            let session = try await Connection.open(configuration)
            let error = await #expect(throws: PostgresError.self) {
                try await session.query("SELECT 1", [any Parameter](repeating: 1, count: 65_536))
            }
            #expect(error?.kind == .invalidParameter)
            await session.close()
        }
    }

    @Test("a UUID reads its text form and nothing else")
    func uuid() throws {
        let uuid = try #require(PostgresUUID("019AB0F2-7c3d-7e11-8a5b-0123456789ab"))
        #expect(uuid.description == "019ab0f2-7c3d-7e11-8a5b-0123456789ab")
        #expect(PostgresUUID(bytes: uuid.bytes) == uuid)
        for text in [
            "", "019ab0f27c3d7e118a5b0123456789ab", "019ab0f2-7c3d-7e11-8a5b-0123456789a",
            "019ab0f2-7c3d-7e11-8a5b-0123456789abc", "g19ab0f2-7c3d-7e11-8a5b-0123456789ab",
            "{19ab0f2-7c3d-7e11-8a5b-0123456789ab",
        ] {
            #expect(PostgresUUID(text) == nil, "\(text)")
        }
        #expect(PostgresUUID(bytes: [1, 2, 3]) == nil)
        #expect(PostgresUUID(high: 0, low: .max) < PostgresUUID(high: 1, low: 0))
    }
}
