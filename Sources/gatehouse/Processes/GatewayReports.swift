import CatalogStore
import ControlPlane
import Foundation
import Gateway
import Governance
import Lifecycle
import RoutingTable

/// Turns the gateway's own account of itself into a report for the catalog.
struct GatewayReports {
    let engine: ControlEngine
    let environment: String

    /// The name under which the gateway in the control plane's process is known.
    static let name =
        "local-" + (ProcessInfo.processInfo.hostName.split(separator: ".").first.map(String.init) ?? "host")

    func send(_ status: Gateway.GatewayStatus, _ denials: [Denial]) async throws {
        let governance = try engine.governance()
        let organization = try await governance.standardOrganization().id
        let report = GatewayReport(
            name: Self.name,
            softwareVersion: Release.version,
            generation: status.generation.map { Int64(clamping: $0) },
            sequence: Int64(clamping: status.sequence ?? 0),
            denials: denials.suffix(GatewayReport.denialsMax).map { DenialRecord($0, sequence: status.sequence) }
        )
        try await governance.recordGatewayReport(.gate(organization), environment: environment, report)
    }
}

extension DenialRecord {
    /// A refusal as the catalog keeps it; empty names become absent ones.
    init(_ denial: Denial, sequence: UInt64?) {
        func named(_ text: String) -> String? { text.isEmpty ? nil : text }
        self.init(
            requestID: denial.requestID,
            occurredAt: Moment(unixSeconds: denial.time),
            status: denial.status,
            code: denial.code,
            method: denial.method,
            path: denial.path,
            api: named(denial.api),
            version: named(denial.version),
            operation: named(denial.operation),
            application: named(denial.application),
            credential: named(denial.credentialStart),
            plan: named(denial.plan),
            limit: denial.limits.first,
            detail: denial.detail,
            generation: Int64(clamping: denial.generation),
            sequence: sequence.map { Int64(clamping: $0) },
            specification: denial.source.map { source in
                Place(
                    file: source.file,
                    line: source.line,
                    pointer: source.pointer,
                    sha256: source.specificationSHA256.hexadecimal
                )
            }
        )
    }
}
