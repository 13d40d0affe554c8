/// Which certificate answers for a name: the exact one, else the wildcard of its parent (RFC 9525 §6.3: one label, the
/// leftmost, as a whole), else the standard one, which is the first that was given.
final class CertificateNames: Sendable {
    let standard: TLSIdentity
    private let exact: [String: TLSIdentity]
    /// By what follows `*.`.
    private let wildcards: [String: TLSIdentity]

    /// - Parameter identities: at least one. Of several with one name the one issued last answers.
    init(_ identities: [TLSIdentity]) {
        precondition(!identities.isEmpty, "somebody must answer")
        standard = identities[0]
        var exact: [String: TLSIdentity] = [:]
        var wildcards: [String: TLSIdentity] = [:]
        for identity in identities {
            for name in identity.names {
                if name.hasPrefix("*.") {
                    Self.keep(identity, as: String(name.dropFirst(2)), in: &wildcards)
                } else {
                    Self.keep(identity, as: name, in: &exact)
                }
            }
        }
        self.exact = exact
        self.wildcards = wildcards
    }

    private static func keep(_ identity: TLSIdentity, as name: String, in table: inout [String: TLSIdentity]) {
        if let other = table[name], other.notBefore >= identity.notBefore { return }
        table[name] = identity
    }

    /// The certificate for a name as the client sent it; nil: it sent none.
    func identity(for name: String?) -> TLSIdentity {
        guard let name else { return standard }
        let folded = Self.folded(name)
        if let found = exact[folded] { return found }
        guard let dot = folded.firstIndex(of: "."), dot != folded.startIndex else { return standard }
        return wildcards[String(folded[folded.index(after: dot)...])] ?? standard
    }

    /// Lower case, without the final dot.
    static func folded(_ name: String) -> String {
        let lower = name.lowercased()
        return lower.hasSuffix(".") ? String(lower.dropLast()) : lower
    }
}
