import Testing

@Suite("The two laws of the architecture and the arrows of Package.swift")
struct ImportTests {
    /// What every target may name without listing it: the language's own modules.
    static let language: Set<String> = [
        "Swift", "Synchronization", "Foundation", "FoundationEssentials", "Dispatch", "Glibc",
    ]

    /// Law 2: only these speak to the world.
    static let mayDoIO: Set<String> = [
        "Postgres", "Gateway", "ControlPlane", "Mock", "gatehouse", "Bench", "DiffBench", "LintBench", "Fuzz",
        "EmbedAssets", "EmbedAssetsTool",
    ]

    /// Law 1: what lies on the other side of `RoutingTable`, seen from the gateway.
    static let behindTheTable: Set<String> = [
        "Postgres", "CatalogStore", "OpenAPIModel", "DocumentTree", "Lifecycle", "Governance", "SnapshotCompiler",
        "PolicyEngine",
        "ControlPlane", "Manifest",
    ]

    let graph: PackageGraph

    init() throws {
        graph = try PackageGraph(manifest: Repository.text("Package.swift"))
    }

    @Test("every source folder is a target that Package.swift names, and the graph was read")
    func everyFolderIsATarget() throws {
        let folders = Set(
            Repository.files(under: "Sources", extensions: ["swift"]).compactMap {
                $0.split(separator: "/").dropFirst().first
            }
        )
        #expect(folders.count > 15)
        let manifest = try Repository.text("Package.swift")
        for folder in folders {
            #expect(
                manifest.contains("\"\(folder)\"") || manifest.contains("Sources/\(folder)"),
                "Sources/\(folder) is no target"
            )
        }
        #expect(graph.dependencies["Gateway"]?.contains("NIOCore") == true)
        #expect(graph.dependencies["Gateway"]?.contains("RoutingTable") == true)
    }

    @Test("a target imports only what Package.swift lists for it")
    func importsAreListed() throws {
        for file in Repository.files(under: "Sources", extensions: ["swift"]) {
            let target = String(file.split(separator: "/")[1])
            guard let allowed = graph.dependencies[target] else { continue }
            for name in Repository.imports(in: try Repository.text(file)) {
                #expect(
                    allowed.contains(name) || Self.language.contains(name),
                    "\(file) imports \(name), which Package.swift does not list for \(target)"
                )
            }
        }
    }

    @Test("law 1: the planes meet only in RoutingTable")
    func planesMeetInRoutingTable() {
        let reached = graph.closure(of: "Gateway")
        #expect(reached.contains("RoutingTable"))
        #expect(
            reached.isDisjoint(with: Self.behindTheTable),
            "Gateway reaches \(reached.intersection(Self.behindTheTable))"
        )
        for target in Self.behindTheTable {
            #expect(!graph.closure(of: target).contains("Gateway"), "\(target) reaches Gateway")
        }
    }

    @Test("law 2: only the targets at the edge open files, sockets or processes")
    func pureTargetsDoNoIO() throws {
        let marks = try [
            #"\bFileManager\b"#, #"\bFileHandle\b"#, #"\bURLSession\b"#, #"\bProcess\(\)"#, #"\bfopen\("#,
            #"\bsocket\("#, #"\bcontentsOf(File)?:"#,
        ].map { try Regex($0) }
        for file in Repository.files(under: "Sources", extensions: ["swift"]) {
            let target = String(file.split(separator: "/")[1])
            guard !Self.mayDoIO.contains(target) else { continue }
            let text = try Repository.text(file)
            for name in Repository.imports(in: text) {
                #expect(name != "Dispatch" && !name.hasPrefix("NIO"), "\(file) imports \(name)")
            }
            for line in text.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("//") {
                for mark in marks where !line.contains("append(contentsOf:") {
                    #expect(line.firstMatch(of: mark) == nil, "\(file) reaches outside: \(line)")
                }
            }
        }
    }

    @Test("the graph has no cycle")
    func noCycle() {
        for target in graph.dependencies.keys {
            #expect(!graph.closure(of: target).contains(target), "\(target) reaches itself")
        }
    }
}
