/// Codes of the findings of this module; stable, they are documented.
public enum ManifestCode {
    /// The document is no manifest: no `apiVersion` and `kind` of ours.
    public static let notAManifest = "manifest-not-a-manifest"
    /// `kind` names nothing known.
    public static let unknownKind = "manifest-unknown-kind"
    /// A known kind that this version does not read yet.
    public static let unsupportedKind = "manifest-unsupported-kind"
    /// A field that the kind does not have.
    public static let unknownField = "manifest-unknown-field"
    /// A field that the kind needs.
    public static let missingField = "manifest-missing-field"
    /// A value of another type than the field's.
    public static let wrongType = "manifest-wrong-type"
    /// A value of the right type that is not allowed.
    public static let invalidValue = "manifest-invalid-value"
    /// A kind and name that stand twice.
    public static let duplicate = "manifest-duplicate"
    /// A name that leads to nothing.
    public static let danglingReference = "manifest-dangling-reference"
}
