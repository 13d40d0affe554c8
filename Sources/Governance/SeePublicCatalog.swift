import CatalogStore
public import Lifecycle

extension Governance {
    /// At most this many APIs stand in the public list.
    static let publicAPIsMax = 1_000

    /// The published APIs that anybody may know of (RFC 9727): those whose visibility is public, by name.
    ///
    /// - Throws: ``GovernanceError`` `database-unavailable`.
    public func listPublicAPIs() async throws(GovernanceError) -> [API] {
        let actor = Actor.system(try await standardOrganization().id)
        var apis: [API] = []
        var page = PageRequest(limit: 1_000)
        while apis.count < Self.publicAPIsMax {
            let found = try await listAPIs(actor, page)
            for api in found.items where api.visibility == .public {
                if try await read(actor, { work in try await work.transaction.apis.isPublished(api.id) }) {
                    apis.append(api)
                }
            }
            guard let next = found.next else { break }
            page = PageRequest(limit: 1_000, cursor: next)
        }
        return apis
    }
}
