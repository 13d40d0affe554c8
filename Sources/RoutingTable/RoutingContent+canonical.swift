extension RoutingContent {
    /// The same content in the one order that artifacts are written in.
    func canonical() -> RoutingContent {
        var copy = self
        copy.apis = apis.map { $0.canonical() }.sorted { $0.name.precedesBytewise($1.name) }
        copy.upstreams.sort { $0.name.precedesBytewise($1.name) }
        return copy
    }
}

extension RoutingContent.API {
    fileprivate func canonical() -> RoutingContent.API {
        var copy = self
        copy.hosts = Set(hosts.map { $0.lowercased() }).sorted { $0.precedesBytewise($1) }
        copy.versions = versions.map { $0.canonical() }.sorted { left, right in
            if left.sortKey != right.sortKey { return right.sortKey.lexicographicallyPrecedes(left.sortKey) }
            return left.name.precedesBytewise(right.name)
        }
        copy.passthrough?.deny = Set(passthrough?.deny ?? []).sorted { $0.precedesBytewise($1) }
        copy.requestHeaders.set.sort { $0.name.precedesBytewise($1.name) }
        copy.requestHeaders.remove = Set(requestHeaders.remove.map { $0.lowercased() }).sorted {
            $0.precedesBytewise($1)
        }
        return copy
    }
}

extension RoutingContent.Version {
    fileprivate func canonical() -> RoutingContent.Version {
        var copy = self
        copy.schemes.sort { $0.name.precedesBytewise($1.name) }
        copy.operations.sort { left, right in
            if left.pathTemplate != right.pathTemplate { return left.pathTemplate.precedesBytewise(right.pathTemplate) }
            return left.method.precedesBytewise(right.method)
        }
        return copy
    }
}

extension String {
    /// Order of the UTF-8 bytes: the same on every machine and for every Unicode version.
    func precedesBytewise(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}
