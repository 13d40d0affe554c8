/// The API a request belongs to.
public struct APIMatch: Hashable, Sendable {
    public let api: APIIndex
    /// Offset in the path where the base path ends; what follows is empty or begins with a slash.
    public let rest: Int
}

/// What a method and a path are in a version.
public enum OperationMatch: Hashable, Sendable {
    case found(OperationIndex)
    /// 405: the path is known, the method is not; `allowedMethods(version:path:from:)` lists those that are.
    case methodNotAllowed
    /// 404.
    case notFound
}

extension RoutingSnapshot {
    /// Finds the API by host and base path: O(length of both), no allocation.
    ///
    /// - Parameters:
    ///   - host: lower case, without port; may be empty.
    ///   - path: canonical, begins with a slash, without the query.
    /// - Returns: nil when no API lives there.
    public func findAPI(host: borrowing Span<UInt8>, path: borrowing Span<UInt8>) -> APIMatch? {
        let arena = self.arena
        let groups = hosts.groups
        let bases = hosts.bases
        if hosts.hasExact {
            let slots = hosts.exact
            let number = findHostGroup(slots: slots.span, arena: arena.span, host: host, from: 0)
            if number != HostTable.none {
                let found = findBasePath(
                    group: groups[Int(number)],
                    number: number,
                    bases: bases.span,
                    arena: arena.span,
                    path: path
                )
                if found.api != HostTable.none {
                    return APIMatch(api: APIIndex(rawValue: found.api), rest: found.rest)
                }
            }
        }
        if hosts.hasSuffixes {
            let slots = hosts.suffixes
            var index = 1
            while index < host.count {
                if host[index] == UInt8(ascii: ".") {
                    let number = findHostGroup(slots: slots.span, arena: arena.span, host: host, from: index)
                    if number != HostTable.none {
                        let found = findBasePath(
                            group: groups[Int(number)],
                            number: number,
                            bases: bases.span,
                            arena: arena.span,
                            path: path
                        )
                        if found.api != HostTable.none {
                            return APIMatch(api: APIIndex(rawValue: found.api), rest: found.rest)
                        }
                    }
                }
                index &+= 1
            }
        }
        guard hosts.any != HostTable.none else { return nil }
        let found = findBasePath(
            group: groups[Int(hosts.any)],
            number: hosts.any,
            bases: bases.span,
            arena: arena.span,
            path: path
        )
        return found.api == HostTable.none ? nil : APIMatch(api: APIIndex(rawValue: found.api), rest: found.rest)
    }

    /// Finds the operation of a version: literal segments win over those with parameters, but nothing that matches is
    /// missed. No allocation.
    ///
    /// A rest that is empty counts as `/`, as RFC 3986 §6.2.3 has it for a URL without a path; otherwise a trailing slash
    /// counts.
    ///
    /// - Parameters:
    ///   - version: from this snapshot.
    ///   - method: as sent; methods are case-sensitive.
    ///   - path: the whole canonical path.
    ///   - from: where the version's own path begins in it: after the base path and a version segment.
    ///   - captures: overwritten; valid when an operation was found.
    /// - Returns: the operation, or which of 404 and 405 it is.
    public func findOperation(
        version: VersionIndex,
        method: borrowing Span<UInt8>,
        path: borrowing Span<UInt8>,
        from: Int,
        captures: inout PathCaptures
    ) -> OperationMatch {
        precondition(from >= 0, "a place in a path is not negative")
        let root = versions[version.position].root
        captures.total = 0
        guard root != RouteTrie.none else { return .notFound }
        let arena = self.arena
        let names = trie.methodNames
        let number = findMethod(names: names.span, arena: arena.span, method: method)
        var result = TrieResult()
        let (nodes, edges, patterns) = (trie.nodes, trie.edges, trie.patterns)
        let (literals, methods) = (trie.literals, trie.methods)
        if from >= path.count {
            let rootPath = rootPathBytes
            matchRoute(
                nodes: nodes.span,
                edges: edges.span,
                patterns: patterns.span,
                literals: literals.span,
                methods: methods.span,
                arena: arena.span,
                path: rootPath.span,
                root: root,
                from: 0,
                method: number,
                result: &result,
                captures: &captures
            )
        } else {
            matchRoute(
                nodes: nodes.span,
                edges: edges.span,
                patterns: patterns.span,
                literals: literals.span,
                methods: methods.span,
                arena: arena.span,
                path: path,
                root: root,
                from: from,
                method: number,
                result: &result,
                captures: &captures
            )
        }
        if result.operation != RouteTrie.none { return .found(OperationIndex(rawValue: result.operation)) }
        return result.pathMatched ? .methodNotAllowed : .notFound
    }

    /// The value of `Allow` for a path: every method of every template that matches it, in order of the alphabet.
    /// Allocates; for the answer 405 only.
    public func allowedMethods(version: VersionIndex, path: borrowing Span<UInt8>, from: Int) -> [UInt8] {
        var names: [String] = []
        var captures = PathCaptures()
        for name in trie.methodNames {
            let method = bytes(name)
            let match = findOperation(
                version: version,
                method: method.span,
                path: path,
                from: from,
                captures: &captures
            )
            if case .found = match { names.append(string(name)) }
        }
        return Array(names.sorted().joined(separator: ", ").utf8)
    }
}

/// The path of an empty rest.
private let rootPathBytes: [UInt8] = [0x2F]

/// The number of a method, or `RouteTrie.none` when no operation of the snapshot has it.
@_noAllocation @_noLocks
private func findMethod(
    names: borrowing Span<ByteSlice>,
    arena: borrowing Span<UInt8>,
    method: borrowing Span<UInt8>
) -> UInt32 {
    for row in 0..<names.count {
        let name = names[row]
        if Int(name.count) == method.count, bytesEqual(arena, Int(name.offset), method, 0, count: method.count) {
            return UInt32(truncatingIfNeeded: row)
        }
    }
    return RouteTrie.none
}
