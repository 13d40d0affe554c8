/// What an approval covers: exactly this content, run with exactly these settings towards exactly this upstream
/// (domain.md section 0.3).
public struct ReleaseManifest: Hashable, Sendable {
    /// SHA-256 of the specification's canonical form.
    public var specification: [UInt8]
    /// SHA-256 of the API's settings in canonical form.
    public var settings: [UInt8]
    /// SHA-256 of the upstream's targets and timeouts; nil where the publisher chooses it, once.
    public var upstream: [UInt8]?

    /// Every field as it stands.
    public init(specification: [UInt8], settings: [UInt8], upstream: [UInt8]?) {
        self.specification = specification
        self.settings = settings
        self.upstream = upstream
    }

    /// The text whose SHA-256 is the manifest's name; a new line for each part, so that no two manifests share a text.
    public var canonicalText: String {
        """
        gatehouse release manifest 1
        specification \(Hexadecimal.text(specification))
        settings \(Hexadecimal.text(settings))
        upstream \(upstream.map { Hexadecimal.text($0) } ?? "-")

        """
    }
}
