import CatalogStore
import Lifecycle

/// An upstream as somebody names it.
public enum UpstreamDraft: Sendable, Hashable {
    /// A target's URL, `http://host[:port][/path]`, with its share of the traffic.
    public struct Target: Sendable, Hashable {
        /// `http://host[:port][/path]`.
        public var url: String
        /// 0 to 1000, relative to the other targets.
        public var weight: Int
        /// 0 to 15; greater ones are used while no target of a smaller one can be.
        public var priority: Int

        /// Every field as it stands.
        public init(_ url: String, weight: Int = 100, priority: Int = 0) {
            self.url = url
            self.weight = weight
            self.priority = priority
        }
    }

    /// One that is known already.
    case named(String)
    /// One that is written out; without a name it gets that of the version that it serves.
    case targets([Target], name: String?)

    /// One URL.
    public static func url(_ url: String) -> UpstreamDraft { .targets([Target(url)], name: nil) }
}

extension UnitOfWork {
    /// Finds or stores what the draft names.
    ///
    /// `standardName`: the name of one that is written out without a name.
    func upstream(_ draft: UpstreamDraft, standardName: String, team: TeamID) async throws -> Upstream {
        switch draft {
        case .named(let name):
            guard let upstream = try await transaction.upstreams.newest(name, in: actor.organization) else {
                throw GovernanceError(
                    .upstreamNotFound,
                    "no upstream `\(name)`",
                    mend: "correct the name, or give the upstream's URL",
                    places: [GovernanceError.Place("no such upstream", pointer: "/upstream")]
                )
            }
            return upstream
        case .targets(let drafts, let name):
            let upstream = Upstream(
                id: .make(at: now),
                name: name ?? Self.upstreamName(standardName),
                targets: try Self.targets(drafts)
            )
            return try await transaction.upstreams.store(
                upstream.digested,
                team: team,
                in: actor.organization,
                at: now
            )
        }
    }

    /// A version's name may hold what an upstream's may not.
    private static func upstreamName(_ text: String) -> String {
        var name = ""
        for character in text.lowercased() {
            let isPlain = character.isASCII && (character.isLetter || character.isNumber || ".-_".contains(character))
            name.append(isPlain ? character : "-")
        }
        return String(name.prefix(100))
    }

    static func targets(_ drafts: [UpstreamDraft.Target]) throws(GovernanceError) -> [Upstream.Target] {
        guard (1...100).contains(drafts.count) else {
            throw GovernanceError.invalid(
                "/upstream",
                "an upstream has between 1 and 100 targets",
                mend: "name at least one URL"
            )
        }
        var targets: [Upstream.Target] = []
        for (index, draft) in drafts.enumerated() {
            guard (0...1000).contains(draft.weight) else {
                throw GovernanceError.invalid(
                    "/upstream/\(index)/weight",
                    "the weight \(draft.weight) is not between 0 and 1000",
                    mend: "choose one in that range"
                )
            }
            do throws(Upstream.Target.Malformed) {
                targets.append(
                    try Upstream.Target(url: draft.url, weight: draft.weight, priority: draft.priority)
                )
            } catch {
                throw GovernanceError.invalid(
                    "/upstream/\(index)",
                    "`\(draft.url)` is no upstream: \(error.explanation)",
                    mend: "write it as `http://host:port/path`"
                )
            }
        }
        guard targets.contains(where: { $0.weight > 0 }) else {
            throw GovernanceError.invalid(
                "/upstream",
                "no target has a weight above 0",
                mend: "give at least one a weight"
            )
        }
        return targets
    }
}

extension Upstream.Target.Malformed {
    fileprivate var explanation: String {
        switch self {
        case .notHTTP: "it starts neither with `http://` nor with `https://`"
        case .noHost: "it names no host"
        case .badPort: "its port is not a number from 1 to 65535"
        case .hasUserInformation: "it holds a user's name"
        case .hasQueryOrFragment: "it holds a query or a fragment"
        case .badCharacter: "it holds a character that a URL cannot have there"
        }
    }
}
