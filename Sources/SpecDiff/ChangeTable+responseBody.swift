extension ChangeTable {
    /// Responses, their headers and their bodies as a whole.
    static let responseBodyRows = """
        optional-response-header-removed warning response headers existence remove
          the optional header `{name}` of the response `{status}` was removed
        required-response-header-removed error response headers existence remove
          the required header `{name}` of the response `{status}` was removed
        response-body-all-of-added info response schema structure add
          the body of the response `{status}` has `{value}` added to `allOf`
        response-body-all-of-added-annotation-only info response schema structure add
          the body of the response `{status}` has `{value}` added to `allOf`, which only describes
        response-body-all-of-removed info response schema structure remove
          the body of the response `{status}` has `{value}` removed from `allOf`
        response-body-all-of-removed-annotation-only info response schema structure remove
          the body of the response `{status}` has `{value}` removed from `allOf`, which only described
        response-body-any-of-added info response schema structure add
          the body of the response `{status}` has `{value}` added to `anyOf`
        response-body-any-of-removed info response schema structure remove
          the body of the response `{status}` has `{value}` removed from `anyOf`
        response-body-became-not-nullable info response schema requiredness change
          the body of the response `{status}` may no longer be null
        response-body-became-nullable error response schema requiredness change
          the body of the response `{status}` may now be null
        response-body-const-added info response schema values add
          the body of the response `{status}` is now fixed to the value `{value}`
        response-body-const-changed error response schema values change
          the body of the response `{status}` is fixed to another value: `{from}` became `{to}`
        response-body-const-removed error response schema values remove
          the body of the response `{status}` is no longer fixed to the value `{value}`
        response-body-contains-added info response schema structure add
          the body of the response `{status}` now has a schema under `contains`
        response-body-contains-removed error response schema structure remove
          the body of the response `{status}` no longer has a schema under `contains`
        response-body-content-encoding-changed error response responses type change
          the body of the response `{status}` holds text in another encoding: `{from}` became `{to}`
        response-body-content-media-type-changed error response responses type change
          the body of the response `{status}` holds text of another media type: `{from}` became `{to}`
        response-body-content-schema-added info response schema existence add
          the body of the response `{status}` now has a schema for the content of its text
        response-body-content-schema-removed error response schema existence remove
          the body of the response `{status}` no longer has a schema for the content of its text
        response-body-default-value-added info response schema values add
          the body of the response `{status}` now has the default `{value}`
        response-body-default-value-changed info response schema values change
          the body of the response `{status}` has another default: `{from}` became `{to}`
        response-body-default-value-removed info response schema values remove
          the body of the response `{status}` no longer has the default `{value}`
        response-body-dependent-required-added info response schema structure add
          the body of the response `{status}` now needs `{value}` wherever `{key}` is present
        response-body-dependent-required-changed error response schema structure change
          the body of the response `{status}` needs other properties wherever `{key}` is present: `{value}`
        response-body-dependent-required-removed error response schema structure remove
          the body of the response `{status}` no longer needs `{value}` wherever `{key}` is present
        response-body-dependent-schema-added info response schema structure add
          the body of the response `{status}` must follow a further schema wherever `{key}` is present
        response-body-dependent-schema-removed error response schema structure remove
          the body of the response `{status}` no longer has a further schema for when `{key}` is present
        response-body-discriminator-added info response schema structure add
          the body of the response `{status}` now has a discriminator
        response-body-discriminator-mapping-added info response schema structure add
          the body of the response `{status}` has new keys in the mapping of its discriminator: `{value}`
        response-body-discriminator-mapping-changed info response schema structure change
          the body of the response `{status}` maps the discriminator key `{key}` to another schema: `{from}` became `{to}`
        response-body-discriminator-mapping-deleted info response schema structure remove
          the body of the response `{status}` lost keys of the mapping of its discriminator: `{value}`
        response-body-discriminator-property-name-changed info response schema structure change
          the body of the response `{status}` is told apart by another property: `{from}` became `{to}`
        response-body-discriminator-removed info response schema structure remove
          the body of the response `{status}` no longer has a discriminator
        response-body-else-added info response schema structure add
          the body of the response `{status}` now has a schema under `else`
        response-body-else-removed error response schema structure remove
          the body of the response `{status}` no longer has a schema under `else`
        response-body-exclusive-max-increased error response schema constraints increase
          the body of the response `{status}` has a higher exclusive maximum: `{from}` became `{to}`
        response-body-exclusive-min-decreased error response schema constraints decrease
          the body of the response `{status}` has a lower exclusive minimum: `{from}` became `{to}`
        response-body-if-added info response schema structure add
          the body of the response `{status}` now has a schema under `if`
        response-body-if-removed error response schema structure remove
          the body of the response `{status}` no longer has a schema under `if`
        response-body-list-of-types-narrowed info response schema type remove
          the body of the response `{status}` no longer offers the types `{value}`
        response-body-list-of-types-widened error response schema type add
          the body of the response `{status}` offers the further types `{value}`
        response-body-max-contains-decreased info response schema constraints decrease
          the body of the response `{status}` has a lower maximum number of items that `contains` describes: `{from}` became `{to}`
        response-body-max-contains-increased error response schema constraints increase
          the body of the response `{status}` has a higher maximum number of items that `contains` describes: `{from}` became `{to}`
        response-body-max-increased error response schema constraints increase
          the body of the response `{status}` has a higher maximum: `{from}` became `{to}`
        response-body-max-length-increased error response schema constraints increase
          the body of the response `{status}` has a higher maximum length: `{from}` became `{to}`
        response-body-max-length-unset error response schema constraints remove
          the body of the response `{status}` no longer has a maximum length, which was `{from}`
        response-body-media-type-schema-added info response responses existence add
          the body of the response `{status}` has a schema now for the media type `{media}`
        response-body-media-type-schema-removed warning response responses existence remove
          the body of the response `{status}` has no schema any more for the media type `{media}`
        response-body-min-contains-decreased error response schema constraints decrease
          the body of the response `{status}` has a lower minimum number of items that `contains` describes: `{from}` became `{to}`
        response-body-min-contains-increased info response schema constraints increase
          the body of the response `{status}` has a higher minimum number of items that `contains` describes: `{from}` became `{to}`
        response-body-min-decreased error response schema constraints decrease
          the body of the response `{status}` has a lower minimum: `{from}` became `{to}`
        response-body-min-items-decreased error response schema constraints decrease
          the body of the response `{status}` has a lower minimum number of items: `{from}` became `{to}`
        response-body-min-items-unset error response schema constraints remove
          the body of the response `{status}` no longer has a minimum number of items, which was `{from}`
        response-body-min-length-decreased error response schema constraints decrease
          the body of the response `{status}` has a lower minimum length: `{from}` became `{to}`
        response-body-one-of-added error response schema structure add
          the body of the response `{status}` has `{value}` added to `oneOf`
        response-body-one-of-removed info response schema structure remove
          the body of the response `{status}` has `{value}` removed from `oneOf`
        response-body-pattern-property-added info response schema constraints add
          the body of the response `{status}` has a new schema for properties that match `{key}`
        response-body-pattern-property-removed error response schema constraints remove
          the body of the response `{status}` no longer has a schema for properties that match `{key}`
        response-body-prefix-items-added error response schema structure add
          the body of the response `{status}` has `{value}` added to `prefixItems`
        response-body-prefix-items-removed info response schema structure remove
          the body of the response `{status}` has `{value}` removed from `prefixItems`
        response-body-property-names-added info response schema structure add
          the body of the response `{status}` now has a schema under `propertyNames`
        response-body-property-names-removed error response schema structure remove
          the body of the response `{status}` no longer has a schema under `propertyNames`
        response-body-then-added info response schema structure add
          the body of the response `{status}` now has a schema under `then`
        response-body-then-removed error response schema structure remove
          the body of the response `{status}` no longer has a schema under `then`
        response-body-type-changed error response schema type change
          the body of the response `{status}` has another {what}: `{from}` became `{to}`
        response-body-type-compatible info response schema type change
          the body of the response `{status}` has another {what} that reads the same on the wire: `{from}` became `{to}`
          # The value is written as text here, where its type cannot be seen.
        response-body-type-generalized error response schema type generalize
          the body of the response `{status}` has a wider {what}: `{from}` became `{to}`
        response-body-type-specialized info response schema type specialize
          the body of the response `{status}` has a narrower {what}: `{from}` became `{to}`
        response-body-unevaluated-items-added info response schema structure add
          the body of the response `{status}` now has a schema under `unevaluatedItems`
        response-body-unevaluated-items-removed error response schema structure remove
          the body of the response `{status}` no longer has a schema under `unevaluatedItems`
        response-body-unevaluated-properties-added info response schema structure add
          the body of the response `{status}` now has a schema under `unevaluatedProperties`
        response-body-unevaluated-properties-removed error response schema structure remove
          the body of the response `{status}` no longer has a schema under `unevaluatedProperties`
        response-body-wrapped-in-one-of error response schema structure change
          the body of the response `{status}` was split into alternatives of `oneOf`, so that what was valid before may fit none of them
        response-header-added info response headers existence add
          the header `{name}` of the response `{status}` was added
        response-header-became-not-nullable info response headers requiredness change
          the header `{name}` of the response `{status}` may no longer be null
        response-header-became-nullable error response headers requiredness change
          the header `{name}` of the response `{status}` may now be null
        response-header-became-optional error response headers requiredness change
          the header `{name}` of the response `{status}` is no longer required
        response-header-type-changed error response headers type change
          the header `{name}` of the response `{status}` has another {what}: `{from}` became `{to}`
        response-header-type-compatible info response headers type change
          the header `{name}` of the response `{status}` has another {what} that reads the same on the wire: `{from}` became `{to}`
          # The value is written as text here, where its type cannot be seen.
        response-header-type-generalized error response headers type generalize
          the header `{name}` of the response `{status}` has a wider {what}: `{from}` became `{to}`
        response-header-type-specialized info response headers type specialize
          the header `{name}` of the response `{status}` has a narrower {what}: `{from}` became `{to}`
        response-media-type-added info response responses existence add
          the response `{status}` may now be `{media}`
        response-media-type-name-changed info response responses type change
          the response `{status}` has a media type with other parameters: `{from}` became `{to}`
        response-media-type-name-generalized error response responses type generalize
          the response `{status}` has a more general media type: `{from}` became `{to}`
        response-media-type-name-specialized info response responses type specialize
          the response `{status}` has a more specific media type: `{from}` became `{to}`
        response-media-type-removed error response responses existence remove
          the response `{status}` may no longer be `{media}`
        response-mediatype-enum-value-removed info response schema values remove
          the body of the response `{status}` no longer has the value `{value}` in its list of values
        response-non-success-status-added info response responses existence add
          the response `{status}` was added
        response-non-success-status-removed info response responses existence remove
          the response `{status}` was removed
        response-success-status-added info response responses existence add
          the success response `{status}` was added
        response-success-status-removed error response responses existence remove
          the success response `{status}` was removed
        """
}
