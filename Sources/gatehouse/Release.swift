/// What this binary is.
enum Release {
    /// The version, as SemVer.
    static let version = "0.1.0"
}
