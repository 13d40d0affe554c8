extension ChangeTable {
    /// Bodies of requests as a whole.
    static let requestBodyRows = """
        request-body-added-optional info request requestBody existence add
          the request body was added and may be left out
        request-body-added-required error request requestBody existence add
          the request body was added and is required
        request-body-all-of-added error request schema structure add
          the request body has `{value}` added to `allOf`
        request-body-all-of-added-annotation-only info request schema structure add
          the request body has `{value}` added to `allOf`, which only describes
        request-body-all-of-removed warning request schema structure remove
          the request body has `{value}` removed from `allOf`
          # What the schema asked for may have moved elsewhere: compare what is accepted before and after.
        request-body-all-of-removed-annotation-only info request schema structure remove
          the request body has `{value}` removed from `allOf`, which only described
        request-body-any-of-added info request schema structure add
          the request body has `{value}` added to `anyOf`
        request-body-any-of-removed error request schema structure remove
          the request body has `{value}` removed from `anyOf`
        request-body-became-enum error request schema values change
          the request body is now restricted to a list of values
        request-body-became-not-nullable error request schema requiredness change
          the request body may no longer be null
        request-body-became-nullable info request schema requiredness change
          the request body may now be null
        request-body-became-optional info request requestBody requiredness change
          the request body is no longer required
        request-body-became-required error request requestBody requiredness change
          the request body is now required
        request-body-const-added error request schema values add
          the request body is now fixed to the value `{value}`
        request-body-const-changed error request schema values change
          the request body is fixed to another value: `{from}` became `{to}`
        request-body-const-removed info request schema values remove
          the request body is no longer fixed to the value `{value}`
        request-body-contains-added error request schema structure add
          the request body now has a schema under `contains`
        request-body-contains-removed info request schema structure remove
          the request body no longer has a schema under `contains`
        request-body-content-encoding-changed error request requestBody type change
          the request body holds text in another encoding: `{from}` became `{to}`
        request-body-content-media-type-changed error request requestBody type change
          the request body holds text of another media type: `{from}` became `{to}`
        request-body-content-schema-added error request schema existence add
          the request body now has a schema for the content of its text
        request-body-content-schema-removed info request schema existence remove
          the request body no longer has a schema for the content of its text
        request-body-default-value-added info request schema values add
          the request body now has the default `{value}`
        request-body-default-value-changed info request schema values change
          the request body has another default: `{from}` became `{to}`
        request-body-default-value-removed info request schema values remove
          the request body no longer has the default `{value}`
        request-body-dependent-required-added error request schema structure add
          the request body now needs `{value}` wherever `{key}` is present
        request-body-dependent-required-changed error request schema structure change
          the request body needs other properties wherever `{key}` is present: `{value}`
        request-body-dependent-required-removed info request schema structure remove
          the request body no longer needs `{value}` wherever `{key}` is present
        request-body-dependent-schema-added error request schema structure add
          the request body must follow a further schema wherever `{key}` is present
        request-body-dependent-schema-removed info request schema structure remove
          the request body no longer has a further schema for when `{key}` is present
        request-body-discriminator-added info request schema structure add
          the request body now has a discriminator
        request-body-discriminator-mapping-added info request schema structure add
          the request body has new keys in the mapping of its discriminator: `{value}`
        request-body-discriminator-mapping-changed info request schema structure change
          the request body maps the discriminator key `{key}` to another schema: `{from}` became `{to}`
        request-body-discriminator-mapping-deleted info request schema structure remove
          the request body lost keys of the mapping of its discriminator: `{value}`
        request-body-discriminator-property-name-changed info request schema structure change
          the request body is told apart by another property: `{from}` became `{to}`
        request-body-discriminator-removed info request schema structure remove
          the request body no longer has a discriminator
        request-body-else-added error request schema structure add
          the request body now has a schema under `else`
        request-body-else-removed info request schema structure remove
          the request body no longer has a schema under `else`
        request-body-enum-value-removed error request schema values remove
          the request body no longer has the value `{value}` in its list of values
        request-body-exclusive-max-decreased error request schema constraints decrease
          the request body has a lower exclusive maximum: `{from}` became `{to}`
        request-body-exclusive-max-increased info request schema constraints increase
          the request body has a higher exclusive maximum: `{from}` became `{to}`
        request-body-exclusive-max-set warning request schema constraints set
          the request body now has an exclusive maximum of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-body-exclusive-min-decreased info request schema constraints decrease
          the request body has a lower exclusive minimum: `{from}` became `{to}`
        request-body-exclusive-min-increased error request schema constraints increase
          the request body has a higher exclusive minimum: `{from}` became `{to}`
        request-body-exclusive-min-set warning request schema constraints set
          the request body now has an exclusive minimum of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-body-if-added error request schema structure add
          the request body now has a schema under `if`
        request-body-if-removed info request schema structure remove
          the request body no longer has a schema under `if`
        request-body-list-of-types-narrowed error request schema type remove
          the request body no longer offers the types `{value}`
        request-body-list-of-types-widened info request schema type add
          the request body offers the further types `{value}`
        request-body-max-contains-decreased error request schema constraints decrease
          the request body has a lower maximum number of items that `contains` describes: `{from}` became `{to}`
        request-body-max-contains-increased info request schema constraints increase
          the request body has a higher maximum number of items that `contains` describes: `{from}` became `{to}`
        request-body-max-decreased error request schema constraints decrease
          the request body has a lower maximum: `{from}` became `{to}`
        request-body-max-increased info request schema constraints increase
          the request body has a higher maximum: `{from}` became `{to}`
        request-body-max-length-decreased error request schema constraints decrease
          the request body has a lower maximum length: `{from}` became `{to}`
        request-body-max-length-increased info request schema constraints increase
          the request body has a higher maximum length: `{from}` became `{to}`
        request-body-max-length-set warning request schema constraints set
          the request body now has a maximum length of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-body-max-set warning request schema constraints set
          the request body now has a maximum of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-body-media-type-added info request requestBody existence add
          the request body may now be `{media}`
        request-body-media-type-removed error request requestBody existence remove
          the request body may no longer be `{media}`
        request-body-media-type-schema-added error request requestBody existence add
          the request body has a schema now for the media type `{media}`
        request-body-media-type-schema-removed info request requestBody existence remove
          the request body has no schema any more for the media type `{media}`
        request-body-min-contains-decreased info request schema constraints decrease
          the request body has a lower minimum number of items that `contains` describes: `{from}` became `{to}`
        request-body-min-contains-increased error request schema constraints increase
          the request body has a higher minimum number of items that `contains` describes: `{from}` became `{to}`
        request-body-min-decreased info request schema constraints decrease
          the request body has a lower minimum: `{from}` became `{to}`
        request-body-min-increased error request schema constraints increase
          the request body has a higher minimum: `{from}` became `{to}`
        request-body-min-items-increased error request schema constraints increase
          the request body has a higher minimum number of items: `{from}` became `{to}`
        request-body-min-items-set warning request schema constraints set
          the request body now has a minimum number of items of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-body-min-length-decreased info request schema constraints decrease
          the request body has a lower minimum length: `{from}` became `{to}`
        request-body-min-length-increased error request schema constraints increase
          the request body has a higher minimum length: `{from}` became `{to}`
        request-body-min-set warning request schema constraints set
          the request body now has a minimum of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-body-one-of-added info request schema structure add
          the request body has `{value}` added to `oneOf`
        request-body-one-of-removed error request schema structure remove
          the request body has `{value}` removed from `oneOf`
        request-body-pattern-property-added error request schema constraints add
          the request body has a new schema for properties that match `{key}`
        request-body-pattern-property-removed info request schema constraints remove
          the request body no longer has a schema for properties that match `{key}`
        request-body-prefix-items-added info request schema structure add
          the request body has `{value}` added to `prefixItems`
        request-body-prefix-items-removed error request schema structure remove
          the request body has `{value}` removed from `prefixItems`
        request-body-property-names-added error request schema structure add
          the request body now has a schema under `propertyNames`
        request-body-property-names-removed info request schema structure remove
          the request body no longer has a schema under `propertyNames`
        request-body-removed error request schema existence remove
          the request body was removed
        request-body-then-added error request schema structure add
          the request body now has a schema under `then`
        request-body-then-removed info request schema structure remove
          the request body no longer has a schema under `then`
        request-body-type-changed error request schema type change
          the request body has another {what}: `{from}` became `{to}`
        request-body-type-compatible info request schema type change
          the request body has another {what} that reads the same on the wire: `{from}` became `{to}`
          # The value is written as text here, where its type cannot be seen.
        request-body-type-generalized info request schema type generalize
          the request body has a wider {what}: `{from}` became `{to}`
        request-body-unevaluated-items-added error request schema structure add
          the request body now has a schema under `unevaluatedItems`
        request-body-unevaluated-items-removed info request schema structure remove
          the request body no longer has a schema under `unevaluatedItems`
        request-body-unevaluated-properties-added error request schema structure add
          the request body now has a schema under `unevaluatedProperties`
        request-body-unevaluated-properties-removed info request schema structure remove
          the request body no longer has a schema under `unevaluatedProperties`
        request-body-wrapped-in-one-of error request schema structure change
          the request body was split into alternatives of `oneOf`, so that what was valid before may fit none of them
        """
}
