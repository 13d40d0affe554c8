extension ChangeTable {
    /// Properties of bodies of responses.
    static let responsePropertyRows = """
        response-optional-property-added info response schema existence add
          the optional property `{name}` of the response `{status}` was added
        response-optional-property-became-not-read-only info response schema mutability change
          the optional property `{name}` of the response `{status}` is no longer read-only
        response-optional-property-became-not-write-only info response schema mutability change
          the optional property `{name}` of the response `{status}` is no longer write-only
        response-optional-property-became-read-only info response schema mutability change
          the optional property `{name}` of the response `{status}` is now read-only
        response-optional-property-became-write-only info response schema mutability change
          the optional property `{name}` of the response `{status}` is now write-only
        response-optional-property-removed warning response schema existence remove
          the optional property `{name}` of the response `{status}` was removed
        response-optional-write-only-property-added info response schema existence add
          the optional write-only property `{name}` of the response `{status}` was added
        response-optional-write-only-property-removed info response schema existence remove
          the optional write-only property `{name}` of the response `{status}` was removed
        response-property-all-of-added info response schema structure add
          the property `{name}` of the response `{status}` has `{value}` added to `allOf`
        response-property-all-of-added-annotation-only info response schema structure add
          the property `{name}` of the response `{status}` has `{value}` added to `allOf`, which only describes
        response-property-all-of-removed info response schema structure remove
          the property `{name}` of the response `{status}` has `{value}` removed from `allOf`
        response-property-all-of-removed-annotation-only info response schema structure remove
          the property `{name}` of the response `{status}` has `{value}` removed from `allOf`, which only described
        response-property-any-of-added info response schema structure add
          the property `{name}` of the response `{status}` has `{value}` added to `anyOf`
        response-property-any-of-removed info response schema structure remove
          the property `{name}` of the response `{status}` has `{value}` removed from `anyOf`
        response-property-became-not-nullable info response schema requiredness change
          the property `{name}` of the response `{status}` may no longer be null
        response-property-became-nullable error response schema requiredness change
          the property `{name}` of the response `{status}` may now be null
        response-property-became-optional error response schema requiredness change
          the property `{name}` of the response `{status}` is no longer required
        response-property-became-required info response schema requiredness change
          the property `{name}` of the response `{status}` is now required
        response-property-const-added info response schema values add
          the property `{name}` of the response `{status}` is now fixed to the value `{value}`
        response-property-const-changed error response schema values change
          the property `{name}` of the response `{status}` is fixed to another value: `{from}` became `{to}`
        response-property-const-removed error response schema values remove
          the property `{name}` of the response `{status}` is no longer fixed to the value `{value}`
        response-property-contains-added info response schema structure add
          the property `{name}` of the response `{status}` now has a schema under `contains`
        response-property-contains-removed error response schema structure remove
          the property `{name}` of the response `{status}` no longer has a schema under `contains`
        response-property-content-encoding-changed error response schema type change
          the property `{name}` of the response `{status}` holds text in another encoding: `{from}` became `{to}`
        response-property-content-media-type-changed error response schema type change
          the property `{name}` of the response `{status}` holds text of another media type: `{from}` became `{to}`
        response-property-content-schema-added info response schema existence add
          the property `{name}` of the response `{status}` now has a schema for the content of its text
        response-property-content-schema-removed error response schema existence remove
          the property `{name}` of the response `{status}` no longer has a schema for the content of its text
        response-property-default-value-added info response schema values add
          the property `{name}` of the response `{status}` now has the default `{value}`
        response-property-default-value-changed info response schema values change
          the property `{name}` of the response `{status}` has another default: `{from}` became `{to}`
        response-property-default-value-removed info response schema values remove
          the property `{name}` of the response `{status}` no longer has the default `{value}`
        response-property-dependent-required-added info response schema structure add
          the property `{name}` of the response `{status}` now needs `{value}` wherever `{key}` is present
        response-property-dependent-required-changed error response schema structure change
          the property `{name}` of the response `{status}` needs other properties wherever `{key}` is present: `{value}`
        response-property-dependent-required-removed error response schema structure remove
          the property `{name}` of the response `{status}` no longer needs `{value}` wherever `{key}` is present
        response-property-dependent-schema-added info response schema structure add
          the property `{name}` of the response `{status}` must follow a further schema wherever `{key}` is present
        response-property-dependent-schema-removed error response schema structure remove
          the property `{name}` of the response `{status}` no longer has a further schema for when `{key}` is present
        response-property-deprecated info response schema lifecycle change
          the property `{name}` of the response `{status}` is now deprecated
        response-property-deprecated-sunset-invalid error response schema lifecycle change
          the property `{name}` of the response `{status}` is now deprecated with a sunset date that cannot be read: `{value}`
        response-property-deprecated-sunset-missing error response schema lifecycle change
          the property `{name}` of the response `{status}` is now deprecated without a date on which it goes away
        response-property-deprecated-with-sunset info response schema lifecycle change
          the property `{name}` of the response `{status}` is now deprecated and goes away on `{value}`
        response-property-discriminator-added info response schema structure add
          the property `{name}` of the response `{status}` now has a discriminator
        response-property-discriminator-mapping-added info response schema structure add
          the property `{name}` of the response `{status}` has new keys in the mapping of its discriminator: `{value}`
        response-property-discriminator-mapping-changed info response schema structure change
          the property `{name}` of the response `{status}` maps the discriminator key `{key}` to another schema: `{from}` became `{to}`
        response-property-discriminator-mapping-deleted info response schema structure remove
          the property `{name}` of the response `{status}` lost keys of the mapping of its discriminator: `{value}`
        response-property-discriminator-property-name-changed info response schema structure change
          the property `{name}` of the response `{status}` is told apart by another property: `{from}` became `{to}`
        response-property-discriminator-removed info response schema structure remove
          the property `{name}` of the response `{status}` no longer has a discriminator
        response-property-else-added info response schema structure add
          the property `{name}` of the response `{status}` now has a schema under `else`
        response-property-else-removed error response schema structure remove
          the property `{name}` of the response `{status}` no longer has a schema under `else`
        response-property-enum-value-added warning response schema values add
          the property `{name}` of the response `{status}` has the new value `{value}` in its list of values
          # Callers may not expect a value that they do not know; a list in `x-extensible-enum` announces that it grows.
        response-property-enum-value-removed info response schema values remove
          the property `{name}` of the response `{status}` no longer has the value `{value}` in its list of values
        response-property-exclusive-max-increased error response schema constraints increase
          the property `{name}` of the response `{status}` has a higher exclusive maximum: `{from}` became `{to}`
        response-property-exclusive-min-decreased error response schema constraints decrease
          the property `{name}` of the response `{status}` has a lower exclusive minimum: `{from}` became `{to}`
        response-property-if-added info response schema structure add
          the property `{name}` of the response `{status}` now has a schema under `if`
        response-property-if-removed error response schema structure remove
          the property `{name}` of the response `{status}` no longer has a schema under `if`
        response-property-list-of-types-narrowed info response schema type remove
          the property `{name}` of the response `{status}` no longer offers the types `{value}`
        response-property-list-of-types-widened error response schema type add
          the property `{name}` of the response `{status}` offers the further types `{value}`
        response-property-max-contains-decreased info response schema constraints decrease
          the property `{name}` of the response `{status}` has a lower maximum number of items that `contains` describes: `{from}` became `{to}`
        response-property-max-contains-increased error response schema constraints increase
          the property `{name}` of the response `{status}` has a higher maximum number of items that `contains` describes: `{from}` became `{to}`
        response-property-max-increased error response schema constraints increase
          the property `{name}` of the response `{status}` has a higher maximum: `{from}` became `{to}`
        response-property-max-length-increased error response schema constraints increase
          the property `{name}` of the response `{status}` has a higher maximum length: `{from}` became `{to}`
        response-property-max-length-unset error response schema constraints remove
          the property `{name}` of the response `{status}` no longer has a maximum length, which was `{from}`
        response-property-min-contains-decreased error response schema constraints decrease
          the property `{name}` of the response `{status}` has a lower minimum number of items that `contains` describes: `{from}` became `{to}`
        response-property-min-contains-increased info response schema constraints increase
          the property `{name}` of the response `{status}` has a higher minimum number of items that `contains` describes: `{from}` became `{to}`
        response-property-min-decreased error response schema constraints decrease
          the property `{name}` of the response `{status}` has a lower minimum: `{from}` became `{to}`
        response-property-min-items-decreased error response schema constraints decrease
          the property `{name}` of the response `{status}` has a lower minimum number of items: `{from}` became `{to}`
        response-property-min-items-unset error response schema constraints remove
          the property `{name}` of the response `{status}` no longer has a minimum number of items, which was `{from}`
        response-property-min-length-decreased error response schema constraints decrease
          the property `{name}` of the response `{status}` has a lower minimum length: `{from}` became `{to}`
        response-property-one-of-added error response schema structure add
          the property `{name}` of the response `{status}` has `{value}` added to `oneOf`
        response-property-one-of-removed info response schema structure remove
          the property `{name}` of the response `{status}` has `{value}` removed from `oneOf`
        response-property-pattern-added info response schema constraints add
          the property `{name}` of the response `{status}` must now match the pattern `{value}`
        response-property-pattern-changed info response schema constraints change
          the property `{name}` of the response `{status}` has another pattern: `{from}` became `{to}`
        response-property-pattern-property-added info response schema constraints add
          the property `{name}` of the response `{status}` has a new schema for properties that match `{key}`
        response-property-pattern-property-removed error response schema constraints remove
          the property `{name}` of the response `{status}` no longer has a schema for properties that match `{key}`
        response-property-pattern-removed info response schema constraints remove
          the property `{name}` of the response `{status}` no longer has to match the pattern `{value}`
        response-property-prefix-items-added error response schema structure add
          the property `{name}` of the response `{status}` has `{value}` added to `prefixItems`
        response-property-prefix-items-removed info response schema structure remove
          the property `{name}` of the response `{status}` has `{value}` removed from `prefixItems`
        response-property-property-names-added info response schema structure add
          the property `{name}` of the response `{status}` now has a schema under `propertyNames`
        response-property-property-names-removed error response schema structure remove
          the property `{name}` of the response `{status}` no longer has a schema under `propertyNames`
        response-property-reactivated info response schema lifecycle change
          the property `{name}` of the response `{status}` is no longer deprecated
        response-property-stability-decreased error response schema lifecycle decrease
          the property `{name}` of the response `{status}` is less stable: `{from}` became `{to}`
        response-property-stability-increased info response schema lifecycle increase
          the property `{name}` of the response `{status}` is more stable: `{from}` became `{to}`
        response-property-sunset-date-too-small error response schema lifecycle change
          the property `{name}` of the response `{status}` goes away on `{value}`, earlier than the `{key}` days that are required
        response-property-then-added info response schema structure add
          the property `{name}` of the response `{status}` now has a schema under `then`
        response-property-then-removed error response schema structure remove
          the property `{name}` of the response `{status}` no longer has a schema under `then`
        response-property-type-changed error response schema type change
          the property `{name}` of the response `{status}` has another {what}: `{from}` became `{to}`
        response-property-type-compatible info response schema type change
          the property `{name}` of the response `{status}` has another {what} that reads the same on the wire: `{from}` became `{to}`
          # The value is written as text here, where its type cannot be seen.
        response-property-type-generalized error response schema type generalize
          the property `{name}` of the response `{status}` has a wider {what}: `{from}` became `{to}`
        response-property-type-specialized info response schema type specialize
          the property `{name}` of the response `{status}` has a narrower {what}: `{from}` became `{to}`
        response-property-unevaluated-items-added info response schema structure add
          the property `{name}` of the response `{status}` now has a schema under `unevaluatedItems`
        response-property-unevaluated-items-removed error response schema structure remove
          the property `{name}` of the response `{status}` no longer has a schema under `unevaluatedItems`
        response-property-unevaluated-properties-added info response schema structure add
          the property `{name}` of the response `{status}` now has a schema under `unevaluatedProperties`
        response-property-unevaluated-properties-removed error response schema structure remove
          the property `{name}` of the response `{status}` no longer has a schema under `unevaluatedProperties`
        response-required-property-added info response schema existence add
          the required property `{name}` of the response `{status}` was added
        response-required-property-became-not-read-only info response schema mutability change
          the required property `{name}` of the response `{status}` is no longer read-only
        response-required-property-became-not-write-only warning response schema mutability change
          the required property `{name}` of the response `{status}` is no longer write-only
          # Nothing breaks if the property was in every answer all along.
        response-required-property-became-read-only info response schema mutability change
          the required property `{name}` of the response `{status}` is now read-only
        response-required-property-became-write-only info response schema mutability change
          the required property `{name}` of the response `{status}` is now write-only
        response-required-property-removed error response schema existence remove
          the required property `{name}` of the response `{status}` was removed
        response-required-write-only-property-added info response schema existence add
          the required write-only property `{name}` of the response `{status}` was added
        response-required-write-only-property-removed info response schema existence remove
          the required write-only property `{name}` of the response `{status}` was removed
        response-write-only-property-became-optional info response schema requiredness change
          the write-only property `{name}` of the response `{status}` is no longer required
        response-write-only-property-became-required info response schema requiredness change
          the write-only property `{name}` of the response `{status}` is now required
        response-write-only-property-enum-value-added info response schema values add
          the write-only property `{name}` of the response `{status}` has the new value `{value}` in its list of values
        """
}
