public import CatalogStore
public import Lifecycle
import OpenAPIModel

/// What an application has to look at when it moves from one version of an API to another.
public struct MigrationReport: Sendable, Hashable {
    /// The application.
    public var application: String
    /// The API.
    public var api: String
    /// The version it calls.
    public var from: ComparedRevision
    /// The version it would call.
    public var to: ComparedRevision
    /// The plans that say what it may call.
    public var plans: [String]
    /// Ids of the operations of the older version that it may call.
    public var operations: [String]
    /// Changes that reach one of them, each with those sites alone, worst first.
    public var changes: [SpecificationChange]
    /// Changes that reach none of them.
    public var otherCount: Int
    /// Whether the versions' names tell callers that they may break.
    public var isMajorStep: Bool
}

extension Governance {
    /// What changes for one application between two versions of an API: only what reaches operations that its plans grant, with what
    /// stood there before and what stands there after.
    ///
    /// `from` is nil for the version that its subscription is pinned to.
    /// - Throws: ``GovernanceError``: `forbidden`, `not-found`, `validation-failed`.
    public func showMigration(
        _ actor: Actor,
        application name: String,
        api apiName: String,
        from: String?,
        to: String
    ) async throws(GovernanceError) -> MigrationReport {
        let prepared = try await read(actor) { work in
            let application = try await work.application(name)
            let api = try await work.fullAPI(apiName)
            let grants = try await work.transaction.comparisons.grants(of: application.id, to: api.id)
            guard !grants.isEmpty else {
                throw GovernanceError.notFound("subscription of `\(name)` to", apiName)
            }
            guard let from = from ?? grants.lazy.compactMap(\.pin).first else {
                throw GovernanceError.invalid(
                    "/from",
                    "`\(name)` is not pinned to a version of `\(apiName)`, so it is not known where it comes from",
                    mend: "name the version that it calls"
                )
            }
            let older = try await work.compared(try await work.version(from, of: api), isPublishedOnly: false)
            let newer = try await work.compared(try await work.version(to, of: api), isPublishedOnly: false)
            return (
                older, newer, grants.map(\.plan),
                try await work.granted(grants.map(\.operations), of: older)
            )
        }
        let (older, newer, plans, operations) = prepared
        let compared = try await compare(actor, older, newer)
        let changes = compared.comparison?.changes ?? []
        if let failure = compared.comparison?.failure {
            throw GovernanceError.invalid("", "the versions cannot be compared: \(failure)", mend: "see both documents")
        }
        let reaching = changes.compactMap { change -> SpecificationChange? in
            var reaching = change
            reaching.sites = change.sites.filter { operations[[$0.method, $0.path]] != nil }
            return reaching.sites.isEmpty ? nil : reaching
        }
        return MigrationReport(
            application: name,
            api: apiName,
            from: older,
            to: newer,
            plans: plans,
            operations: Set(operations.values).sorted(),
            changes: reaching,
            otherCount: changes.count - reaching.count,
            isMajorStep: compared.isMajorStep
        )
    }
}

extension UnitOfWork {
    /// The operations of a document that plans grant, by method and path template; nil operations grant all.
    fileprivate func granted(
        _ plans: [[String]?],
        of revision: ComparedRevision
    ) async throws -> [[String]: String] {
        let document = try await AssessedDocument(revision, in: self).read()
        let operations: [OpenAPIModel.Operation]
        do {
            operations = try OpenAPIDocument(try document.get()).operations
        } catch {
            throw GovernanceError.invalid("/from", "its document cannot be read", mend: "choose another version")
        }
        let grantsAll = plans.contains { $0 == nil }
        let listed = Set(plans.compactMap(\.self).flatMap(\.self))
        var granted: [[String]: String] = [:]
        for operation in operations where grantsAll || listed.contains(operation.identifier) {
            granted[[operation.method, operation.pathTemplate.text]] = operation.identifier
        }
        return granted
    }
}
