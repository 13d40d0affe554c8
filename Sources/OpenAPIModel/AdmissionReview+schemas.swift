import DocumentTree

/// Schemas and components: keywords that mean nothing, mappings to nothing, names that break the rule for names.
extension AdmissionReview {
    mutating func reviewMappings() {
        let counts = Self.countKeywords.compactMap { document.keyID($0) }
        let multipleOf = document.keyID("multipleOf")
        let discriminator = document.keyID("discriminator")
        for place in SpecificationMappings(document) where !place.hasNames {
            for key in counts {
                guard let value = document.child(place.id, key: key), !isCount(value) else { continue }
                let message = "`\(document.text(of: key))` must be a whole number from 0 on"
                note("schema-keyword", .error, message, at: document.node(value))
            }
            if let key = multipleOf, let value = document.child(place.id, key: key) { reviewMultipleOf(value) }
            if let key = discriminator, let value = document.child(place.id, key: key) {
                reviewDiscriminator(document.node(value))
            }
        }
        reviewComponentNames()
    }

    private static let countKeywords = [
        "maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties", "maxContains",
        "minContains",
    ]

    /// JSON Schema 2020-12 validation section 6.3: a non-negative integer; `3.0` is one.
    private func isCount(_ id: NodeID) -> Bool {
        guard let value = document.number(id) else { return false }
        return value >= 0 && value == value.rounded()
    }

    private mutating func reviewMultipleOf(_ id: NodeID) {
        guard let value = document.number(id), value > 0 else {
            return note("schema-keyword", .error, "`multipleOf` must be a number above 0", at: document.node(id))
        }
    }

    /// Discriminator Object: a mapping's value is a reference, or the name of a schema.
    private mutating func reviewDiscriminator(_ discriminator: Node) {
        guard let mapping = discriminator["mapping"] else { return }
        for (_, target) in mapping.entries {
            guard let text = target.string else {
                note(
                    ReferenceCode.invalid,
                    .warning,
                    "a discriminator maps to text, not to \(target.kind.noun)",
                    at: target
                )
                continue
            }
            if openAPI.node["components"]?["schemas"]?[text] != nil { continue }
            if let finding = openAPI.resolver.resolve(text, at: target).finding {
                // A schema that values cannot follow breaks nothing on the way: worth a warning, not an error.
                note(
                    finding.code == ReferenceCode.externalRefused ? finding.code : ReferenceCode.invalid,
                    .warning,
                    finding.message,
                    at: target
                )
            }
        }
    }

    /// Components Object: names match `^[a-zA-Z0-9.\-_]+$`.
    private mutating func reviewComponentNames() {
        guard openAPI.specificationVersion != .v2_0, let components = openAPI.node["components"] else { return }
        for (section, names) in components.entries where !section.hasPrefix("x-") {
            for (name, component) in names.entries where !name.utf8.allSatisfy(Self.isNameByte) || name.isEmpty {
                let message =
                    "component name `\(name.prefix(80))` holds a character other than letters, digits, `.`, `-` and `_`"
                note("component-name", .warning, message, atKeyOf: component)
            }
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}
