import Crypto
import Foundation
import RoutingTable

/// Content that tests share: one API with three versions, and who may call it.
enum Sample {
    static func key(_ name: String) -> String {
        var text = "gh_live_" + name + String(repeating: "0", count: 43 - name.utf8.count)
        let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        var sum = Int(CRC32.checksum(Array(text.utf8).span))
        var tail = ""
        for _ in 0..<6 {
            tail = String(digits[sum % 62]) + tail
            sum /= 62
        }
        text += "_" + tail
        return text
    }

    static func digest(_ key: String) -> Digest32 {
        // A SHA-256 has the 32 bytes it takes.
        Digest32(SHA256.hash(data: Data(key.utf8))) ?? .zero
    }

    static func id(_ number: UInt64) -> RecordID { RecordID(high: 0xA, low: number) }

    static func passthrough(port: Int, deny: [String] = ["/admin"]) -> RoutingContent {
        RoutingContent(
            environment: "live",
            apis: [
                .init(
                    name: "all",
                    basePath: "/",
                    access: .open,
                    passthrough: .init(upstream: "u", deny: deny),
                    requestHeaders: .init(set: [.init(name: "X-Gateway-Auth", value: "verified")])
                )
            ],
            upstreams: [
                .init(name: "u", targets: [.init(host: "127.0.0.1", port: port)], connectTimeoutMilliseconds: 1000)
            ],
            isOffline: true
        )
    }

    static func place(_ line: Int) -> RoutingContent.SourcePlace {
        .init(specificationSHA256: digest("spec"), file: "orders.yaml", line: line, pointer: "/paths/~1orders/get")
    }

    static func version(
        _ name: String,
        major: Int?,
        _ change: (inout RoutingContent.Version) -> Void = { _ in }
    ) -> RoutingContent.Version {
        var version = RoutingContent.Version(
            name: name,
            major: major,
            sortKey: Array(name.utf8),
            upstream: "u",
            schemes: [
                .init(name: "key", place: .apiKeyHeader("X-API-Key")), .init(name: "bearer", place: .bearer),
                .init(name: "oauth", place: .unsupported("oauth2")),
            ],
            operations: [
                .init(
                    id: "list",
                    method: "GET",
                    pathTemplate: "/items",
                    security: [[.init(scheme: "key")]],
                    source: place(12)
                ),
                .init(
                    id: "create",
                    method: "POST",
                    pathTemplate: "/items",
                    security: [[.init(scheme: "key")], [.init(scheme: "bearer")]]
                ),
                .init(id: "read", method: "GET", pathTemplate: "/items/{id}", security: [[.init(scheme: "bearer")]]),
                .init(id: "ping", method: "GET", pathTemplate: "/ping", security: [[]]),
                .init(id: "oauth", method: "GET", pathTemplate: "/oauth", security: [[.init(scheme: "oauth")]]),
                .init(id: "undeclared", method: "GET", pathTemplate: "/undeclared"),
            ]
        )
        change(&version)
        return version
    }

    static func orders(port: Int, _ change: (inout RoutingContent.API) -> Void = { _ in }) -> RoutingContent {
        var api = RoutingContent.API(
            name: "orders",
            basePath: "/orders",
            versions: [
                version("1.0.0", major: 1) {
                    $0.deprecatedAt = 1_767_225_600
                    $0.successor = "2.0.0"
                    $0.deprecationLink = "https://example.com/moving"
                    $0.sunsetAt = 4_102_444_800
                },
                version("1.2.0", major: 1), version("2.0.0", major: 2),
                version("0.9.0", major: 0) { $0.sunsetAt = 1_000_000 },
                version("0.5.0", major: 0) {
                    $0.state = .retired
                    $0.successor = "1.2.0"
                },
                version("0.7.0", major: 0) { $0.isSuspended = true },
            ]
        )
        change(&api)
        return RoutingContent(
            environment: "live",
            apis: [api],
            upstreams: [
                .init(
                    name: "u",
                    targets: [.init(host: "127.0.0.1", port: port, path: "/base")],
                    connectTimeoutMilliseconds: 1000,
                    headerTimeoutMilliseconds: 700,
                    idleTimeoutMilliseconds: 700
                )
            ],
            isOffline: true
        )
    }

    /// `gold`: majors 1 (all operations, generous), `silver`: major 1, list only; `paused`, `ended`, `none`; `tight`: 3 at
    /// once; `pinned`: hard pin to 1.0.0; `expired`: a key out of date.
    static func rights(_ change: (inout EntitlementContent) -> Void = { _ in }) -> EntitlementContent {
        var content = EntitlementContent(environment: "live")
        var number: UInt64 = 0
        func add(
            _ name: String,
            _ subscription: ((inout EntitlementContent.Subscription) -> Void)?,
            expires: Int64? = nil
        ) {
            number += 1
            content.applications.append(.init(id: id(number), name: name))
            content.credentials.append(
                .init(
                    id: id(100 + number),
                    sha256: digest(key(name)),
                    applicationID: id(number),
                    start: "gh_live_\(name)",
                    expiresAt: expires
                )
            )
            guard let subscription else { return }
            var value = EntitlementContent.Subscription(
                id: id(200 + number),
                applicationID: id(number),
                api: "orders",
                major: 1,
                plan: name + "-plan"
            )
            subscription(&value)
            content.subscriptions.append(value)
        }
        add("gold") { _ in }
        add("silver") { $0.operations = ["list"] }
        add("paused") { $0.state = .paused }
        add("ended") { $0.endsAt = 1_000_000 }
        add("future") { $0.startsAt = 4_102_444_800 }
        add("none", nil)
        add("tight") {
            $0.limits = [
                .init(name: "second", kind: .rate, amount: 1, window: .seconds(3600), algorithm: .gcra, burst: 3),
                .init(name: "month", kind: .quota, amount: 1000, window: .calendar(.month), algorithm: .fixedWindow),
            ]
        }
        add("pinned") { $0.pins = [.init(api: "orders", version: "1.0.0", isHard: true)] }
        add("expired", { _ in }, expires: 1_000_000)
        add("every") { $0.major = nil }
        change(&content)
        return content
    }
}
