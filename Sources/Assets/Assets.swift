/// The texts that travel inside the binary: SQL, built-in rulesets and our own OpenAPI document.
///
/// The folders `sql/`, `policies/` and `specs/` stay the single source; the build plugin `EmbedAssets` copies them here.
/// Names are paths relative to the repository's root, such as `sql/migrations/0001_create_catalog.sql`.
public enum Assets {
    /// The text of one asset, or nil where the binary holds none of that name. O(1).
    public static func text(_ name: String) -> String? {
        byName[name]
    }

    /// The names under a folder, sorted by their bytes.
    ///
    /// - Parameter folder: a path that ends with `/`, such as `sql/queries/`.
    /// - Returns: whole names, the folder included.
    public static func names(under folder: String) -> [String] {
        embedded.lazy.map(\.name).filter { $0.hasPrefix(folder) }.sorted()
    }

    private static let byName = Dictionary(uniqueKeysWithValues: embedded.map { ($0.name, $0.text) })
}
