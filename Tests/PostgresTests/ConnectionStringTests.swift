import Testing

@testable import Postgres

@Suite("ConnectionString")
struct ConnectionStringTests {
    @Test("URIs and keyword-value pairs are read alike")
    func forms() throws {
        let uri = try ConnectionString(
            "postgresql://alice:s3cret%2F%40@db.example:6543/catalog?sslmode=verify-full&connect_timeout=3"
        )
        #expect(uri["host"] == "db.example")
        #expect(uri["port"] == "6543")
        #expect(uri["user"] == "alice")
        #expect(uri["password"] == "s3cret/@")
        #expect(uri["dbname"] == "catalog")
        #expect(uri["sslmode"] == "verify-full")
        let pairs = try ConnectionString(
            "host=db.example port=6543 user=alice password='s3cret/@' dbname=catalog sslmode=verify-full connect_timeout=3"
        )
        #expect(pairs == uri)
        #expect(try ConnectionString("postgres:///catalog?host=/run/postgresql")["host"] == "/run/postgresql")
        #expect(try ConnectionString("postgresql://%2Frun%2Fpostgresql/catalog")["host"] == "/run/postgresql")
        #expect(try ConnectionString("postgresql://a,b:6000/x?target_session_attrs=read-write")["host"] == "a,b")
        #expect(try ConnectionString("").values.isEmpty)
        #expect(uri.database("other")["dbname"] == "other")
    }

    @Test("no description shows the password")
    func redaction() throws {
        let string = try ConnectionString("postgresql://alice:hunter2hunter2@db.example/catalog")
        var dumped = ""
        dump(string, to: &dumped)
        for text in [
            "\(string)", string.redacted, String(reflecting: string), dumped, "\(ConnectionConfiguration(string))",
        ] {
            #expect(!text.contains("hunter2"), "\(text)")
        }
        #expect(string.redacted.contains("password=***"))
        #expect(string.redacted.contains("host=db.example"))
        #expect(string.scrubbed("password hunter2hunter2 is wrong") == "password *** is wrong")
        let bare = try ConnectionString("host=x").redacted
        #expect(!bare.contains("password"))
    }

    @Test(
        "a string that cannot be read is refused without showing any of its secrets",
        arguments: [
            "catalog", "mysql://alice:hunter2@db/x", "postgresql://alice:hunter2/a@db/x",
            "postgresql://alice:hun@ter2@db/x",
            "postgresql://alice:hunter2#@db:99999/x", "host=db password=a hunter2", "host=db hunter2=a",
            "host=db password='hunter2",
            "host=db port=hunter2", "postgresql://db/x?hunter2=1", "postgresql://alice:%zzhunter2@db/x",
            "host=db port=0",
            "host=db\0 password=hunter2",
        ]
    )
    func refused(_ text: String) throws {
        let error = #expect(throws: PostgresError.self) { _ = try ConnectionString(text) }
        #expect(error?.kind == .invalidConnectionString)
        #expect(
            error.map { !"\($0)".contains("hunter2") && !"\($0)".contains("ter2") } == true,
            "\(String(describing: error))"
        )
    }

    @Test("values of the connection string win over the defaults of the driver")
    func precedence() throws {
        var configuration = ConnectionConfiguration(
            try ConnectionString("host=x keepalives_idle=7 client_encoding=LATIN1")
        )
        configuration.applicationName = "tests"
        #expect(configuration.libpqValues["keepalives_idle"] == "7")
        #expect(configuration.libpqValues["client_encoding"] == "UTF8")
        #expect(configuration.libpqValues["fallback_application_name"] == "tests")
        configuration.searchPath = ["a\"b", "public"]
        configuration.statementTimeout = .microseconds(1)
        let settings = configuration.sessionSettings
        #expect(settings.contains { $0 == ("search_path", "\"a\"\"b\", \"public\"") })
        #expect(settings.contains { $0 == ("statement_timeout", "1") })
    }

    @Test("identifiers are quoted so that they stay one identifier")
    func identifiers() {
        #expect(Statement.quoted(identifier: "a") == "\"a\"")
        #expect(Statement.quoted(identifier: "a\"; DROP TABLE x; --\0") == "\"a\"\"; DROP TABLE x; --\"")
    }
}
