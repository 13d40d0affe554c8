import CatalogStore
import DocumentTree
import Lifecycle
import RoutingTable
import SnapshotCompiler

/// From what is published to the next routing snapshot, in the transaction of the change itself.
extension UnitOfWork {
    /// How long the gate goes on answering 410 for a retired version; then it is as if it had never been.
    static let tombstoneDays = 365

    /// Compiles an environment that this transaction holds, stores the next generation and tells the listeners.
    ///
    /// `cause`: the action that the audit names.
    /// `reason`: for people.
    /// - Returns: the generation.
    func storeRouting(of environment: Environment, cause: String, reason: String) async throws -> Int64 {
        let content = try await routedContent(of: environment)
        let generation = environment.generation + 1
        let artefact: [UInt8]
        let checksum: [UInt8]
        do {
            artefact = try RoutingSnapshot.encode(content, generation: UInt64(generation), signer: signingKey)
            // Read back as a gateway would: what it could not load is not published.
            let trust = SnapshotTrust.key(signingKey.publicKey)
            checksum = try RoutingSnapshot.decodeContent(artefact, trust: trust).description.checksum.bytes
        } catch {
            throw GovernanceError(
                .snapshotRejected,
                "what would be published cannot be routed: \(error)",
                mend: "correct it there and publish again"
            )
        }
        let versions = content.apis.flatMap(\.versions)
        try await transaction.snapshots.insert(
            SnapshotStore.New(
                generation: generation,
                artefact: artefact,
                bodySHA256: checksum,
                contentOfGeneration: nil,
                cause: cause,
                reason: reason,
                apiCount: content.apis.count,
                versionCount: versions.count,
                operationCount: versions.reduce(0) { $0 + $1.operations.count }
            ),
            for: environment,
            in: actor.organization,
            by: actor.member,
            at: now
        )
        return generation
    }

    /// Makes a new snapshot of every environment whose gates know the API.
    func routeAgain(_ api: API, cause: String) async throws {
        var names = try await transaction.apis.environments(of: api.id)
        if api.settings.passthrough != nil {
            names = try await transaction.environments.list(in: actor.organization).map(\.name)
        }
        // By name, so that two changes that need several environments take them in the same order.
        for name in names.sorted() {
            _ = try await storeRouting(of: try await lockedEnvironment(name), cause: cause, reason: api.name)
        }
    }

    /// As ``routeAgain(_:cause:)-(API,_)``, for a change of one version.
    func routeAgain(_ version: APIVersion, cause: String) async throws {
        for name in try await transaction.apis.environments(of: version.api).sorted() {
            let environment = try await lockedEnvironment(name)
            _ = try await storeRouting(of: environment, cause: cause, reason: "\(version.apiName) \(version.version)")
        }
    }

    /// Everything that the gates of an environment route, as values.
    ///
    /// - Throws: ``GovernanceError`` `route-conflict`, `no-verifier-bound` or `snapshot-rejected` with every place.
    private func routedContent(of environment: Environment) async throws -> RoutingContent {
        let compilation = Compiler.compile(try await compilationInput(of: environment))
        if let content = compilation.content { return content }
        throw Self.refused(compilation)
    }

    private func compilationInput(of environment: Environment) async throws -> CompilationInput {
        let since = now.advanced(by: .seconds(-Self.tombstoneDays * 86_400))
        let apis = try await transaction.apis.routed(in: environment.id, tombstonesSince: since)
        let releases = try await transaction.releases.routed(in: environment.id, tombstonesSince: since)
        let units = try await units(of: releases.filter { $0.state == .published })
        var upstreams = RoutedUpstreams()
        for upstream in try await transaction.upstreams.list(
            Set(releases.map(\.upstream)).sorted(),
            in: actor.organization
        ) {
            _ = upstreams.insert(upstream)
        }
        let byAPI = Dictionary(grouping: releases, by: \.api)
        var input = CompilationInput(environment: environment.name)
        for api in apis {
            var routed = CompilationInput.API(name: api.name, title: api.title, settings: api.settings)
            if let passthrough = api.settings.passthrough {
                let text = passthrough.upstream
                let draft: UpstreamDraft = text.contains("://") ? .url(text) : .named(text)
                let upstream = try await upstream(draft, standardName: "\(api.name)-passthrough", team: api.team)
                routed.settings.passthrough?.upstream = upstreams.insert(upstream)
            }
            for release in byAPI[api.id] ?? [] {
                routed.versions.append(try Self.approved(release, units[release.revision], upstreams))
            }
            input.apis.append(routed)
        }
        input.upstreams = upstreams.content
        return input
    }

    private static func approved(
        _ release: RoutedRelease,
        _ unit: CompilationUnit?,
        _ upstreams: RoutedUpstreams
    ) throws -> ApprovedVersion {
        guard let manifest = Digest32(release.manifestSHA256) else {
            throw CatalogError.unexpected(reason: "the manifest of a release is no SHA-256")
        }
        let isRetired = release.state == .retired
        let label = ApprovedVersion.Label(
            name: release.versionName,
            major: release.major,
            sortKey: release.sortKey,
            state: isRetired ? .retired : .published,
            isSuspended: release.isSuspended,
            leaving: ApprovedVersion.Leaving(
                deprecatedAt: release.deprecatedAt?.unixSeconds,
                sunsetAt: release.sunsetAt?.unixSeconds,
                successor: release.successor,
                deprecationLink: release.deprecationLink
            )
        )
        return .loadedFromCatalog(
            label,
            releaseManifest: manifest,
            upstream: isRetired ? "" : upstreams.name(of: release.upstream),
            unit: isRetired ? nil : unit
        )
    }

    private static func refused(_ compilation: Compilation) -> GovernanceError {
        let errors = compilation.findings.filter { $0.severity == .error }
        let first = errors.first
        let code: GovernanceError.Code
        switch first?.code {
        case CompilationCode.routeConflict: code = .routeConflict
        case CompilationCode.noVerifierBound: code = .noVerifierBound
        default: code = .snapshotRejected
        }
        let sides = compilation.conflicts.flatMap { [$0.first, $0.second] }.map { GovernanceError.Place($0) }
        let others = errors.filter { $0.code != CompilationCode.routeConflict }
        return GovernanceError(
            code,
            first?.message ?? "what would be published cannot be routed",
            mend: first?.help ?? "correct the places that are named and publish again",
            places: sides + others.map { GovernanceError.Place($0, source: $0.source) }
        )
    }
}

/// The upstreams of a snapshot under names that are unique in it: a stored upstream never changes, so two releases may mean
/// different targets by one name, and the second one carries the start of its digest.
private struct RoutedUpstreams {
    private(set) var content: [CompilationInput.Upstream] = []
    private var names: [UpstreamID: String] = [:]

    func name(of id: UpstreamID) -> String { names[id] ?? "" }

    /// - Returns: its name in the snapshot.
    mutating func insert(_ upstream: Upstream) -> String {
        if let name = names[upstream.id] { return name }
        let isTaken = content.contains { $0.name == upstream.name }
        let name = isTaken ? "\(upstream.name)~\(Hexadecimal.text(upstream.sha256.prefix(4)))" : upstream.name
        names[upstream.id] = name
        content.append(CompilationInput.Upstream(upstream, name: name))
        return name
    }
}

extension GovernanceError.Place {
    /// One side of a conflict, at the operation that it is about.
    fileprivate init(_ claim: RouteConflict.Claim) {
        let version = claim.version.map { " \($0)" } ?? ""
        guard let operation = claim.operation else {
            self.init("`\(claim.api)`\(version) claims every path below `\(claim.base)`", source: claim.api)
            return
        }
        self.init(
            "`\(claim.api)`\(version) claims `\(operation.method) \(operation.pathTemplate)` below `\(claim.base)`",
            source: operation.source?.file ?? claim.api,
            line: operation.source?.line,
            column: nil,
            pointer: operation.source?.pointer
        )
    }
}
