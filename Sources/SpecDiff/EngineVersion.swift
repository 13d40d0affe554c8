extension DocumentDiff {
    /// The version of the comparison: counts up with every change by which the same two documents may be compared otherwise.
    /// What was found by one is kept under its version, so that a newer one compares again instead of trusting it.
    public static let engineVersion = "1"
}
