import BenchProgram
import Foundation

/// The control plane beside real parts: how long a large document takes from submit to its stored lint report, a publication
/// until the gateway serves by the new table, and `up` on a data directory that is there.
enum ControlBench {
    static func run(_ arguments: [String]) throws {
        let binary = arguments.first ?? ".build/release/gatehouse"
        let document = arguments.dropFirst().first ?? "../shared/fixtures/openapi-specs/stripe-v50.yaml"
        guard let bytes = FileManager.default.contents(atPath: document) else {
            throw Failure("cannot read `\(document)`")
        }
        let stand = try ControlStand(binary: binary)
        defer { stand.stop() }
        print(
            String(
                format: "up: first start %.2f s, on its own data directory %.2f s",
                stand.starts.first,
                stand.starts.again
            )
        )
        let submitted = try stand.submit([UInt8](bytes), api: "large")
        let megabytes = Double(bytes.count) / 1e6
        print(String(format: "submit of %.1f MB to its stored lint report: %.0f ms", megabytes, submitted * 1000))
        report(try stand.publish("large", path: "/large/v1/customers"))
    }

    /// A publication beside many others: the catalog holds `routes` routes of a hundred APIs, then one small API is published.
    static func runAtSize(_ arguments: [String]) throws {
        let binary = arguments.first ?? ".build/release/gatehouse"
        let (routes, apis) = (40_000, 100)
        let stand = try ControlStand(binary: binary)
        defer { stand.stop() }
        for api in 0..<apis {
            _ = try stand.submit(document(paths: routes / apis), api: "api\(api)")
            let times = try stand.publish("api\(api)", path: "/api\(api)/resource-0/x")
            if api == 0 || api == apis - 1 {
                print("\((api + 1) * routes / apis) routes", terminator: ": ")
                report(times)
            }
        }
        for number in 0..<5 {
            _ = try stand.submit(document(paths: 1), api: "small\(number)")
            print("one route more", terminator: ": ")
            report(try stand.publish("small\(number)", path: "/small\(number)/resource-0/x"))
        }
    }

    private static func report(_ times: (answered: Double, served: Double)) {
        print(
            String(
                format: "publish: answered after %.0f ms, first request by the new table %.0f ms after the answer",
                times.answered * 1000,
                times.served * 1000
            )
        )
    }

    private static func document(paths: Int) -> [UInt8] {
        let items = (0..<paths).map { number in
            """
              /resource-\(number)/{id}:
                parameters: [{name: id, in: path, required: true, schema: {type: string}}]
                get: {operationId: get\(number), tags: [t], responses: {'200': {description: One.}}}

            """
        }
        let head = "openapi: 3.1.0\ninfo: {title: Sized, version: 1.0.0}\ntags: [{name: t}]\npaths:\n"
        return Array((head + items.joined()).utf8)
    }
}
