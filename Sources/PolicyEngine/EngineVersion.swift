extension Linter {
    /// The version of the engine: counts up with every change by which the same ruleset may find something else in the same
    /// document, such as another core function or another order of findings. What was found by one engine is kept under its
    /// version, so that a newer one checks again instead of trusting it.
    public static let engineVersion = "1"
}
