/// The limits of the control plane's HTTP layer, by name.
enum ControlLimits {
    /// The largest JSON body.
    static let bodyBytesMax = 1 << 20
    /// The largest document or set of manifests; the document reader has a limit of its own below this.
    static let documentBytesMax = 32 << 20
    /// Findings that one answer about policies lists for each ruleset; how many there are is told beside.
    static let findingsMax = 500
    /// Items a page at most.
    static let pageMax = 200
    /// Items a page where the client names no number.
    static let pageDefault = 50
    /// How long a gateway's pull may wait, in seconds.
    static let waitSecondsMax = 60
}
