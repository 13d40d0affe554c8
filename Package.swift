// swift-tools-version: 6.2
import PackageDescription

// The dependency graph of the project, one line a target. Level order is reading order; an arrow means "imports".
// `Tests/Tidy` reads every `import` and fails on one that is not listed here.

let common: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]
let hot: [SwiftSetting] = common + [.strictMemorySafety(), .enableExperimentalFeature("Lifetimes")]
// The data plane keeps its state in one object a connection, touched from one thread. Debug builds, and so all tests, check exclusive access
// dynamically; the release does without (58 checks a proxied request, 4,300 of its 25,000 instructions).
let dataPlane: [SwiftSetting] = hot + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

// `make fuzz` compiles our modules so that libFuzzer and the address sanitizer see into them; tools and dependencies stay as they are.
// What they look at is internal, so it is opened for testing in the optimised build too.
let isFuzzing = Context.environment["GATEHOUSE_FUZZ"] != nil
let watched: [SwiftSetting] =
    isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]), .define("FUZZING")] : []

func module(_ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = common) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings + watched)
}

func program(_ name: String, _ dependencies: [Target.Dependency], linker: [LinkerSetting] = []) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: common, linkerSettings: linker)
}

// The start of a small command is the loader's work on 150,000 addresses. LLVM's linker writes them in the packed form of glibc 2.36
// (30 KB instead of 3.7 MB), and without the 52,000 names that nobody looks up in a program the linker can drop what nothing calls.
let quickStart: [LinkerSetting] = [
    .unsafeFlags(
        ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-export-dynamic"],
        .when(platforms: [.linux], configuration: .release)
    )
]

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: common)
}

func library(_ name: String, header: String) -> Target {
    .systemLibrary(name: name, pkgConfig: header)
}

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioFoundation: Target.Dependency = .product(name: "NIOFoundationCompat", package: "swift-nio")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "gatehouse",
    // The library is preloaded by a test to count what a request allocates.
    products: [.executable(name: "gatehouse", targets: ["gatehouse"]), .library(name: "AllocationCounter", type: .dynamic, targets: ["CAllocationCounter"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        // Level 0
        library("CLibYAML", header: "yaml-0.1"),
        library("CPCRE2", header: "libpcre2-8"),
        .target(name: "CLibPQ"),
        .target(name: "CPostmaster"),
        .target(name: "CPoll"),
        .target(name: "CTLS"),
        .target(name: "CAllocationCounter"),
        .executableTarget(name: "EmbedAssetsTool", swiftSettings: common),
        .plugin(
            name: "EmbedAssets",
            capability: .buildTool(),
            dependencies: ["EmbedAssetsTool"],
            path: "Sources/EmbedAssets"
        ),
        .target(name: "Assets", swiftSettings: common, plugins: ["EmbedAssets"]),
        module("ProblemDetails"),
        module("Telemetry"),
        module("UpstreamRules"),
        // Level 1
        module("DocumentTree", ["CLibYAML"]),
        module("RegularExpression", ["CPCRE2"]),
        module("Lifecycle", ["UpstreamRules"]),
        module("RoutingTable", ["UpstreamRules", crypto], settings: hot),
        // Level 2
        module("JSONSchema", ["DocumentTree", "RegularExpression"]),
        module("OpenAPIModel", ["DocumentTree"]),
        module("Manifest", ["DocumentTree", "UpstreamRules"]),
        module("Postgres", ["CLibPQ", "CPostmaster"]),
        // Level 3
        module("PolicyEngine", ["Assets", "DocumentTree", "OpenAPIModel", "JSONSchema", "RegularExpression"]),
        module("SpecDiff", ["DocumentTree", "OpenAPIModel"]),
        module(
            "SnapshotCompiler",
            ["DocumentTree", "OpenAPIModel", "Lifecycle", "RoutingTable", "Manifest", "UpstreamRules"]
        ),
        module("CatalogStore", ["Assets", "Postgres", "Lifecycle", "UpstreamRules"]),
        // Level 4
        module(
            "Governance",
            [
                "CatalogStore", "Postgres", "Lifecycle", "PolicyEngine", "SpecDiff", "SnapshotCompiler", "RoutingTable",
                "OpenAPIModel", "DocumentTree", "Manifest", "UpstreamRules", crypto,
            ]
        ),
        module(
            "Gateway",
            [
                "CPoll", "CTLS", "RoutingTable", "UpstreamRules", "ProblemDetails", "Telemetry", crypto, httpClient, logging,
                nioCore, nioPosix,
            ],
            settings: dataPlane
        ),
        // Level 5
        module(
            "ControlPlane",
            [
                "Assets", "Governance", "CatalogStore", "Lifecycle", "DocumentTree", "ProblemDetails", "RoutingTable", "Telemetry", hummingbird,
                httpTypes, logging, crypto, nioCore,
            ]
        ),
        module("Mock", ["OpenAPIModel", "DocumentTree", hummingbird, httpTypes, logging, nioCore]),
        // Level 6
        program(
            "gatehouse",
            [
                "Assets", "DocumentTree", "OpenAPIModel", "Manifest", "PolicyEngine", "SpecDiff", "SnapshotCompiler",
                "RoutingTable", "Postgres", "CatalogStore", "Governance", "Lifecycle", "Gateway", "ControlPlane", "Mock", "ProblemDetails",
                "Telemetry", argumentParser, httpClient, logging, lifecycle, crypto, unixSignals, hummingbird, nioCore, nioHTTP1,
                nioFoundation,
            ],
            linker: quickStart
        ),
        module("BenchProgram"),
        program("Bench", ["BenchProgram", "CPoll", "RoutingTable", "Gateway", crypto]),
        program("DiffBench", ["SpecDiff", "DocumentTree", "OpenAPIModel"]),
        program("LintBench", ["BenchProgram", "DocumentTree", "PolicyEngine"]),
        module("Fuzz", ["DocumentTree", "PolicyEngine"]),
        // Tests, one target a module; Scenarios run the release binary, Tidy reads the tree.
        .target(
            name: "PostgresTesting",
            dependencies: ["Postgres"],
            path: "Tests/PostgresTesting",
            swiftSettings: common
        ),
        .target(
            name: "UpstreamRulesTesting",
            dependencies: ["UpstreamRules"],
            path: "Tests/UpstreamRulesTesting",
            swiftSettings: common
        ),
        tests("CatalogStoreTests", ["CatalogStore", "Postgres", "PostgresTesting", "Lifecycle", "Assets"]),
        tests("ControlPlaneTests", ["ControlPlane"]),
        tests("DocumentTreeTests", ["DocumentTree"]),
        tests(
            "GatewayTests",
            [
                "Gateway", "RoutingTable", "UpstreamRules", "ProblemDetails", "Telemetry", crypto, nioCore, nioPosix, nioTLS, nioSSL,
            ]
        ),
        tests("GateFuzz", ["Gateway", "RoutingTable", "ProblemDetails", "UpstreamRules"]),
        tests(
            "GovernanceTests",
            [
                "Governance", "CatalogStore", "Postgres", "PostgresTesting", "Lifecycle", "RoutingTable", "ProblemDetails", "Manifest",
                "Assets", "DocumentTree", crypto,
            ]
        ),
        tests("JSONSchemaTests", ["JSONSchema", "DocumentTree", "RegularExpression"]),
        tests("LifecycleTests", ["Lifecycle"]),
        tests("ManifestTests", ["Manifest", "DocumentTree", "UpstreamRules", "UpstreamRulesTesting"]),
        tests("MockTests", ["Mock", "OpenAPIModel", "DocumentTree", "JSONSchema"]),
        tests("OpenAPIModelTests", ["OpenAPIModel", "DocumentTree"]),
        tests(
            "PolicyEngineTests",
            ["PolicyEngine", "DocumentTree", "OpenAPIModel", "JSONSchema", "RegularExpression", "Assets"],
            exclude: ["KnownDifferences.md"]
        ),
        tests("PostgresTests", ["Postgres", "PostgresTesting"]),
        tests("ProblemDetailsTests", ["ProblemDetails"]),
        tests("RegularExpressionTests", ["RegularExpression"]),
        tests("RoutingTableTests", ["RoutingTable", "UpstreamRules", "UpstreamRulesTesting"]),
        tests(
            "SnapshotCompilerTests",
            ["SnapshotCompiler", "DocumentTree", "OpenAPIModel", "Lifecycle", "RoutingTable", "Manifest", "UpstreamRules"]
        ),
        tests(
            "SpecDiffTests",
            ["SpecDiff", "DocumentTree", "OpenAPIModel"],
            exclude: ["Fixtures", "KnownDifferences.md", "RealPairs.md"]
        ),
        tests("TelemetryTests", ["Telemetry"]),
        .testTarget(
            name: "Scenarios",
            dependencies: ["DocumentTree", "JSONSchema", "OpenAPIModel"],
            path: "Tests/Scenarios",
            swiftSettings: common
        ),
        tests("TidyTests", []),
    ]
)

// `make fuzz` drives the checks of Tests/GateFuzz by libFuzzer. They look at the gateway's readers, which are pure: the sanitizer
// build leaves out what serves, and so all of SwiftNIO.
if isFuzzing {
    package.targets.removeAll { $0.name == "GateFuzz" }
    package.targets.append(
        .target(
            name: "GateFuzz",
            dependencies: ["Gateway", "RoutingTable", "ProblemDetails", "UpstreamRules"],
            path: "Tests/GateFuzz",
            exclude: ["SeedTests.swift"],
            swiftSettings: common + watched
        )
    )
    for gateway in package.targets where gateway.name == "Gateway" {
        gateway.sources = ["Codec", "Engine/Bytes.swift", "Engine/Limits.swift"]
        gateway.dependencies = ["ProblemDetails"]
    }
}
