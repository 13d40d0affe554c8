extension ChangeTable {
    /// Properties of bodies of requests.
    static let requestPropertyRows = """
        new-optional-request-property info request schema existence add
          the optional request property `{name}` was added
        new-required-request-property error request schema existence add
          the required request property `{name}` was added
        new-required-request-property-with-default error request schema existence add
          the required request property `{name}` was added, though it has a default
          # A default is what the server assumes; a request without the property is not valid any more.
        request-optional-property-became-not-read-only info request schema mutability change
          the optional request property `{name}` is no longer read-only
        request-optional-property-became-not-write-only info request schema mutability change
          the optional request property `{name}` is no longer write-only
        request-optional-property-became-read-only info request schema mutability change
          the optional request property `{name}` is now read-only
        request-optional-property-became-write-only info request schema mutability change
          the optional request property `{name}` is now write-only
        request-property-all-of-added error request schema structure add
          the request property `{name}` has `{value}` added to `allOf`
        request-property-all-of-added-annotation-only info request schema structure add
          the request property `{name}` has `{value}` added to `allOf`, which only describes
        request-property-all-of-removed warning request schema structure remove
          the request property `{name}` has `{value}` removed from `allOf`
          # What the schema asked for may have moved elsewhere: compare what is accepted before and after.
        request-property-all-of-removed-annotation-only info request schema structure remove
          the request property `{name}` has `{value}` removed from `allOf`, which only described
        request-property-any-of-added info request schema structure add
          the request property `{name}` has `{value}` added to `anyOf`
        request-property-any-of-removed error request schema structure remove
          the request property `{name}` has `{value}` removed from `anyOf`
        request-property-became-enum error request schema values change
          the request property `{name}` is now restricted to a list of values
        request-property-became-not-nullable error request schema requiredness change
          the request property `{name}` may no longer be null
        request-property-became-nullable info request schema requiredness change
          the request property `{name}` may now be null
        request-property-became-optional info request schema requiredness change
          the request property `{name}` is no longer required
        request-property-became-required error request schema requiredness change
          the request property `{name}` is now required
        request-property-became-required-with-default error request schema requiredness change
          the request property `{name}` is now required, though it has a default
          # A default is what the server assumes; a request without the property is not valid any more.
        request-property-const-added error request schema values add
          the request property `{name}` is now fixed to the value `{value}`
        request-property-const-changed error request schema values change
          the request property `{name}` is fixed to another value: `{from}` became `{to}`
        request-property-const-removed info request schema values remove
          the request property `{name}` is no longer fixed to the value `{value}`
        request-property-contains-added error request schema structure add
          the request property `{name}` now has a schema under `contains`
        request-property-contains-removed info request schema structure remove
          the request property `{name}` no longer has a schema under `contains`
        request-property-content-encoding-changed error request schema type change
          the request property `{name}` holds text in another encoding: `{from}` became `{to}`
        request-property-content-media-type-changed error request schema type change
          the request property `{name}` holds text of another media type: `{from}` became `{to}`
        request-property-content-schema-added error request schema existence add
          the request property `{name}` now has a schema for the content of its text
        request-property-content-schema-removed info request schema existence remove
          the request property `{name}` no longer has a schema for the content of its text
        request-property-default-value-added info request schema values add
          the request property `{name}` now has the default `{value}`
        request-property-default-value-changed info request schema values change
          the request property `{name}` has another default: `{from}` became `{to}`
        request-property-default-value-removed info request schema values remove
          the request property `{name}` no longer has the default `{value}`
        request-property-dependent-required-added error request schema structure add
          the request property `{name}` now needs `{value}` wherever `{key}` is present
        request-property-dependent-required-changed error request schema structure change
          the request property `{name}` needs other properties wherever `{key}` is present: `{value}`
        request-property-dependent-required-removed info request schema structure remove
          the request property `{name}` no longer needs `{value}` wherever `{key}` is present
        request-property-dependent-schema-added error request schema structure add
          the request property `{name}` must follow a further schema wherever `{key}` is present
        request-property-dependent-schema-removed info request schema structure remove
          the request property `{name}` no longer has a further schema for when `{key}` is present
        request-property-deprecated info request schema lifecycle change
          the request property `{name}` is now deprecated
        request-property-deprecated-sunset-invalid error request schema lifecycle change
          the request property `{name}` is now deprecated with a sunset date that cannot be read: `{value}`
        request-property-deprecated-sunset-missing error request schema lifecycle change
          the request property `{name}` is now deprecated without a date on which it goes away
        request-property-deprecated-with-sunset info request schema lifecycle change
          the request property `{name}` is now deprecated and goes away on `{value}`
        request-property-discriminator-added info request schema structure add
          the request property `{name}` now has a discriminator
        request-property-discriminator-mapping-added info request schema structure add
          the request property `{name}` has new keys in the mapping of its discriminator: `{value}`
        request-property-discriminator-mapping-changed info request schema structure change
          the request property `{name}` maps the discriminator key `{key}` to another schema: `{from}` became `{to}`
        request-property-discriminator-mapping-deleted info request schema structure remove
          the request property `{name}` lost keys of the mapping of its discriminator: `{value}`
        request-property-discriminator-property-name-changed info request schema structure change
          the request property `{name}` is told apart by another property: `{from}` became `{to}`
        request-property-discriminator-removed info request schema structure remove
          the request property `{name}` no longer has a discriminator
        request-property-else-added error request schema structure add
          the request property `{name}` now has a schema under `else`
        request-property-else-removed info request schema structure remove
          the request property `{name}` no longer has a schema under `else`
        request-property-enum-value-added info request schema values add
          the request property `{name}` has the new value `{value}` in its list of values
        request-property-enum-value-removed error request schema values remove
          the request property `{name}` no longer has the value `{value}` in its list of values
        request-property-exclusive-max-decreased error request schema constraints decrease
          the request property `{name}` has a lower exclusive maximum: `{from}` became `{to}`
        request-property-exclusive-max-increased info request schema constraints increase
          the request property `{name}` has a higher exclusive maximum: `{from}` became `{to}`
        request-property-exclusive-max-set warning request schema constraints set
          the request property `{name}` now has an exclusive maximum of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-property-exclusive-min-decreased info request schema constraints decrease
          the request property `{name}` has a lower exclusive minimum: `{from}` became `{to}`
        request-property-exclusive-min-increased error request schema constraints increase
          the request property `{name}` has a higher exclusive minimum: `{from}` became `{to}`
        request-property-exclusive-min-set warning request schema constraints set
          the request property `{name}` now has an exclusive minimum of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-property-if-added error request schema structure add
          the request property `{name}` now has a schema under `if`
        request-property-if-removed info request schema structure remove
          the request property `{name}` no longer has a schema under `if`
        request-property-list-of-types-narrowed error request schema type remove
          the request property `{name}` no longer offers the types `{value}`
        request-property-list-of-types-widened info request schema type add
          the request property `{name}` offers the further types `{value}`
        request-property-max-contains-decreased error request schema constraints decrease
          the request property `{name}` has a lower maximum number of items that `contains` describes: `{from}` became `{to}`
        request-property-max-contains-increased info request schema constraints increase
          the request property `{name}` has a higher maximum number of items that `contains` describes: `{from}` became `{to}`
        request-property-max-decreased error request schema constraints decrease
          the request property `{name}` has a lower maximum: `{from}` became `{to}`
        request-property-max-increased info request schema constraints increase
          the request property `{name}` has a higher maximum: `{from}` became `{to}`
        request-property-max-length-decreased error request schema constraints decrease
          the request property `{name}` has a lower maximum length: `{from}` became `{to}`
        request-property-max-length-increased info request schema constraints increase
          the request property `{name}` has a higher maximum length: `{from}` became `{to}`
        request-property-max-length-set warning request schema constraints set
          the request property `{name}` now has a maximum length of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-property-max-set warning request schema constraints set
          the request property `{name}` now has a maximum of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-property-min-contains-decreased info request schema constraints decrease
          the request property `{name}` has a lower minimum number of items that `contains` describes: `{from}` became `{to}`
        request-property-min-contains-increased error request schema constraints increase
          the request property `{name}` has a higher minimum number of items that `contains` describes: `{from}` became `{to}`
        request-property-min-decreased info request schema constraints decrease
          the request property `{name}` has a lower minimum: `{from}` became `{to}`
        request-property-min-increased error request schema constraints increase
          the request property `{name}` has a higher minimum: `{from}` became `{to}`
        request-property-min-items-increased error request schema constraints increase
          the request property `{name}` has a higher minimum number of items: `{from}` became `{to}`
        request-property-min-items-set warning request schema constraints set
          the request property `{name}` now has a minimum number of items of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-property-min-length-decreased info request schema constraints decrease
          the request property `{name}` has a lower minimum length: `{from}` became `{to}`
        request-property-min-length-increased error request schema constraints increase
          the request property `{name}` has a higher minimum length: `{from}` became `{to}`
        request-property-min-set warning request schema constraints set
          the request property `{name}` now has a minimum of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-property-one-of-added info request schema structure add
          the request property `{name}` has `{value}` added to `oneOf`
        request-property-one-of-removed error request schema structure remove
          the request property `{name}` has `{value}` removed from `oneOf`
        request-property-pattern-added error request schema constraints add
          the request property `{name}` must now match the pattern `{value}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-property-pattern-changed warning request schema constraints change
          the request property `{name}` has another pattern: `{from}` became `{to}`
          # Whether the new pattern matches all that the old one matched cannot be told: compare the two.
        request-property-pattern-generalized info request schema constraints generalize
          the request property `{name}` has a pattern that matches everything: `{from}` became `{to}`
        request-property-pattern-property-added error request schema constraints add
          the request property `{name}` has a new schema for properties that match `{key}`
        request-property-pattern-property-removed info request schema constraints remove
          the request property `{name}` no longer has a schema for properties that match `{key}`
        request-property-pattern-removed info request schema constraints remove
          the request property `{name}` no longer has to match the pattern `{value}`
        request-property-prefix-items-added info request schema structure add
          the request property `{name}` has `{value}` added to `prefixItems`
        request-property-prefix-items-removed error request schema structure remove
          the request property `{name}` has `{value}` removed from `prefixItems`
        request-property-property-names-added error request schema structure add
          the request property `{name}` now has a schema under `propertyNames`
        request-property-property-names-removed info request schema structure remove
          the request property `{name}` no longer has a schema under `propertyNames`
        request-property-reactivated info request schema lifecycle change
          the request property `{name}` is no longer deprecated
        request-property-removed warning request schema existence remove
          the request property `{name}` was removed
          # Callers that still send it may be refused, or get another answer than before.
        request-property-stability-decreased error request schema lifecycle decrease
          the request property `{name}` is less stable: `{from}` became `{to}`
        request-property-stability-increased info request schema lifecycle increase
          the request property `{name}` is more stable: `{from}` became `{to}`
        request-property-sunset-date-too-small error request schema lifecycle change
          the request property `{name}` goes away on `{value}`, earlier than the `{key}` days that are required
        request-property-then-added error request schema structure add
          the request property `{name}` now has a schema under `then`
        request-property-then-removed info request schema structure remove
          the request property `{name}` no longer has a schema under `then`
        request-property-type-changed error request schema type change
          the request property `{name}` has another {what}: `{from}` became `{to}`
        request-property-type-compatible info request schema type change
          the request property `{name}` has another {what} that reads the same on the wire: `{from}` became `{to}`
          # The value is written as text here, where its type cannot be seen.
        request-property-type-generalized info request schema type generalize
          the request property `{name}` has a wider {what}: `{from}` became `{to}`
        request-property-unevaluated-items-added error request schema structure add
          the request property `{name}` now has a schema under `unevaluatedItems`
        request-property-unevaluated-items-removed info request schema structure remove
          the request property `{name}` no longer has a schema under `unevaluatedItems`
        request-property-unevaluated-properties-added error request schema structure add
          the request property `{name}` now has a schema under `unevaluatedProperties`
        request-property-unevaluated-properties-removed info request schema structure remove
          the request property `{name}` no longer has a schema under `unevaluatedProperties`
        request-property-x-extensible-enum-value-removed error request schema values remove
          the request property `{name}` no longer has the value `{value}` in its extensible list of values
        request-read-only-property-enum-value-removed info request schema values remove
          the read-only request property `{name}` no longer has the value `{value}` in its list of values
        request-read-only-property-exclusive-max-decreased info request schema constraints decrease
          the read-only request property `{name}` has a lower exclusive maximum: `{from}` became `{to}`
        request-read-only-property-exclusive-min-increased info request schema constraints increase
          the read-only request property `{name}` has a higher exclusive minimum: `{from}` became `{to}`
        request-read-only-property-max-decreased info request schema constraints decrease
          the read-only request property `{name}` has a lower maximum: `{from}` became `{to}`
        request-read-only-property-max-length-decreased info request schema constraints decrease
          the read-only request property `{name}` has a lower maximum length: `{from}` became `{to}`
        request-read-only-property-min-increased info request schema constraints increase
          the read-only request property `{name}` has a higher minimum: `{from}` became `{to}`
        request-required-property-became-not-read-only info request schema mutability change
          the required request property `{name}` is no longer read-only
        request-required-property-became-not-write-only info request schema mutability change
          the required request property `{name}` is no longer write-only
        request-required-property-became-read-only info request schema mutability change
          the required request property `{name}` is now read-only
        request-required-property-became-write-only info request schema mutability change
          the required request property `{name}` is now write-only
        """
}
