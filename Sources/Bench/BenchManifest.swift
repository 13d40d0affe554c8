import Crypto
import Foundation

/// Manifests of one API with one version, plan, application, subscription and key: the least that turns on key, grant, pin and
/// limits; and of another that passes everything through.
enum BenchManifest {
    /// A path of the API that passes through.
    static let plainPath = "/plain/orders/42"

    private static let quota =
        ", {name: month, kind: quota, amount: 60000000000, window: P1M, algorithm: fixed, align: calendar}"

    /// `hasQuota`: beside the rate, which is always there.
    static func text(upstreamPort: Int, key: String, hasQuota: Bool) -> String {
        let hash = SHA256.hash(data: Data(key.utf8)).map { String(format: "%02x", $0) }.joined()
        return """
            apiVersion: gatehouse.dev/v1
            kind: Api
            metadata: {name: orders}
            spec: {title: Orders, team: sales, basePath: /orders, access: plan, security: verify,
                   versioning: {in: [path, header, pin], header: API-Version, default: latest}}
            ---
            apiVersion: gatehouse.dev/v1
            kind: Api
            metadata: {name: plain}
            spec: {title: Plain, team: sales, basePath: /plain, access: open, passthrough: true, upstream: orders-v1}
            ---
            apiVersion: gatehouse.dev/v1
            kind: Upstream
            metadata: {name: orders-v1}
            spec: {targets: [{url: "http://127.0.0.1:\(upstreamPort)", weight: 100}]}
            ---
            apiVersion: gatehouse.dev/v1
            kind: ApiVersion
            metadata: {name: orders-1.2.0}
            spec:
              api: orders
              version: 1.2.0
              upstream: orders-v1
              state: published
              definition:
                inline:
                  openapi: 3.0.3
                  info: {title: Orders, version: 1.2.0}
                  security: [{key: []}]
                  paths:
                    /orders/{id}:
                      get:
                        operationId: getOrder
                        parameters: [{name: id, in: path, required: true, schema: {type: string}}]
                        responses: {"200": {description: The order.}}
                  components:
                    securitySchemes: {key: {type: apiKey, in: header, name: X-API-Key}}
            ---
            apiVersion: gatehouse.dev/v1
            kind: Team
            metadata: {name: sales}
            spec: {title: Sales}
            ---
            apiVersion: gatehouse.dev/v1
            kind: Plan
            metadata: {name: gold}
            spec: {api: orders, approval: manual, operations: [getOrder],
                   limits: [{name: second, kind: rate, amount: 1000000, window: PT1S, algorithm: gcra, burst: 1000000}\(hasQuota ? quota : "")]}
            ---
            apiVersion: gatehouse.dev/v1
            kind: Application
            metadata: {name: bench}
            spec: {team: sales}
            ---
            apiVersion: gatehouse.dev/v1
            kind: Subscription
            metadata: {name: bench-orders}
            spec: {application: bench, plan: gold, pin: 1.2.0}
            ---
            apiVersion: gatehouse.dev/v1
            kind: Credential
            metadata: {name: bench-1}
            spec: {application: bench, kind: api-key, secret: {sha256: "\(hash)"}}
            """
    }
}
