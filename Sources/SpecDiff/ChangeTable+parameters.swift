extension ChangeTable {
    /// Parameters of requests.
    static let parametersRows = """
        new-optional-request-default-parameter-to-existing-path info request parameters existence add
          the optional `{location}` parameter `{parameter}` was added to all operations of the path
        new-optional-request-parameter info request parameters existence add
          the optional `{location}` parameter `{parameter}` was added
        new-request-path-parameter error request parameters existence add
          the path parameter `{parameter}` was added
        new-required-request-default-parameter-to-existing-path error request parameters existence add
          the required `{location}` parameter `{parameter}` was added to all operations of the path
        new-required-request-header-property error request parameters existence add
          the required property `{name}` of the request header `{parameter}` was added
        new-required-request-parameter error request parameters existence add
          the required `{location}` parameter `{parameter}` was added
        request-header-property-became-enum error request parameters values change
          the property `{name}` of the request header `{parameter}` is now restricted to a list of values
        request-header-property-became-required error request parameters requiredness change
          the property `{name}` of the request header `{parameter}` is now required
        request-parameter-became-enum error request parameters values change
          the `{location}` parameter `{parameter}` is now restricted to a list of values
        request-parameter-became-not-nullable error request parameters requiredness change
          the `{location}` parameter `{parameter}` may no longer be null
        request-parameter-became-nullable info request parameters requiredness change
          the `{location}` parameter `{parameter}` may now be null
        request-parameter-became-optional info request parameters requiredness change
          the `{location}` parameter `{parameter}` is no longer required
        request-parameter-became-required error request parameters requiredness change
          the `{location}` parameter `{parameter}` is now required
        request-parameter-default-value-added error request parameters values add
          the `{location}` parameter `{parameter}` now has the default `{value}`
        request-parameter-default-value-changed error request parameters values change
          the `{location}` parameter `{parameter}` has another default: `{from}` became `{to}`
        request-parameter-default-value-removed error request parameters values remove
          the `{location}` parameter `{parameter}` no longer has the default `{value}`
        request-parameter-deprecated info request parameters lifecycle change
          the `{location}` parameter `{parameter}` is now deprecated
        request-parameter-deprecated-sunset-missing error request parameters lifecycle change
          the `{location}` parameter `{parameter}` is now deprecated without a date on which it goes away
        request-parameter-enum-value-added info request parameters values add
          the `{location}` parameter `{parameter}` has the new value `{value}` in its list of values
        request-parameter-enum-value-removed error request parameters values remove
          the `{location}` parameter `{parameter}` no longer has the value `{value}` in its list of values
        request-parameter-exclusive-max-decreased error request parameters constraints decrease
          the `{location}` parameter `{parameter}` has a lower exclusive maximum: `{from}` became `{to}`
        request-parameter-exclusive-max-increased info request parameters constraints increase
          the `{location}` parameter `{parameter}` has a higher exclusive maximum: `{from}` became `{to}`
        request-parameter-exclusive-max-set warning request parameters constraints set
          the `{location}` parameter `{parameter}` now has an exclusive maximum of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-parameter-exclusive-min-decreased info request parameters constraints decrease
          the `{location}` parameter `{parameter}` has a lower exclusive minimum: `{from}` became `{to}`
        request-parameter-exclusive-min-increased error request parameters constraints increase
          the `{location}` parameter `{parameter}` has a higher exclusive minimum: `{from}` became `{to}`
        request-parameter-exclusive-min-set warning request parameters constraints set
          the `{location}` parameter `{parameter}` now has an exclusive minimum of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-parameter-list-of-types-narrowed error request parameters type remove
          the `{location}` parameter `{parameter}` no longer offers the types `{value}`
        request-parameter-list-of-types-widened info request parameters type add
          the `{location}` parameter `{parameter}` offers the further types `{value}`
        request-parameter-max-decreased error request parameters constraints decrease
          the `{location}` parameter `{parameter}` has a lower maximum: `{from}` became `{to}`
        request-parameter-max-increased info request parameters constraints increase
          the `{location}` parameter `{parameter}` has a higher maximum: `{from}` became `{to}`
        request-parameter-max-items-decreased error request parameters constraints decrease
          the `{location}` parameter `{parameter}` has a lower maximum number of items: `{from}` became `{to}`
        request-parameter-max-items-increased info request parameters constraints increase
          the `{location}` parameter `{parameter}` has a higher maximum number of items: `{from}` became `{to}`
        request-parameter-max-length-decreased error request parameters constraints decrease
          the `{location}` parameter `{parameter}` has a lower maximum length: `{from}` became `{to}`
        request-parameter-max-length-increased info request parameters constraints increase
          the `{location}` parameter `{parameter}` has a higher maximum length: `{from}` became `{to}`
        request-parameter-max-length-set warning request parameters constraints set
          the `{location}` parameter `{parameter}` now has a maximum length of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-parameter-max-set warning request parameters constraints set
          the `{location}` parameter `{parameter}` now has a maximum of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-parameter-min-decreased info request parameters constraints decrease
          the `{location}` parameter `{parameter}` has a lower minimum: `{from}` became `{to}`
        request-parameter-min-increased error request parameters constraints increase
          the `{location}` parameter `{parameter}` has a higher minimum: `{from}` became `{to}`
        request-parameter-min-items-decreased info request parameters constraints decrease
          the `{location}` parameter `{parameter}` has a lower minimum number of items: `{from}` became `{to}`
        request-parameter-min-items-increased error request parameters constraints increase
          the `{location}` parameter `{parameter}` has a higher minimum number of items: `{from}` became `{to}`
        request-parameter-min-items-set warning request parameters constraints set
          the `{location}` parameter `{parameter}` now has a minimum number of items of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-parameter-min-length-decreased info request parameters constraints decrease
          the `{location}` parameter `{parameter}` has a lower minimum length: `{from}` became `{to}`
        request-parameter-min-length-increased error request parameters constraints increase
          the `{location}` parameter `{parameter}` has a higher minimum length: `{from}` became `{to}`
        request-parameter-min-set warning request parameters constraints set
          the `{location}` parameter `{parameter}` now has a minimum of `{to}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-parameter-pattern-added error request parameters constraints add
          the `{location}` parameter `{parameter}` must now match the pattern `{value}`
          # The limit may have held all along without being written down: make sure that callers already keep to it.
        request-parameter-pattern-changed warning request parameters constraints change
          the `{location}` parameter `{parameter}` has another pattern: `{from}` became `{to}`
          # Whether the new pattern matches all that the old one matched cannot be told: compare the two.
        request-parameter-pattern-generalized info request parameters constraints generalize
          the `{location}` parameter `{parameter}` has a pattern that matches everything: `{from}` became `{to}`
        request-parameter-pattern-removed info request parameters constraints remove
          the `{location}` parameter `{parameter}` no longer has to match the pattern `{value}`
        request-parameter-property-became-not-nullable error request parameters requiredness change
          the property `{name}` of the `{location}` parameter `{parameter}` may no longer be null
        request-parameter-property-became-nullable info request parameters requiredness change
          the property `{name}` of the `{location}` parameter `{parameter}` may now be null
        request-parameter-property-enum-value-added info request parameters values add
          the property `{name}` of the `{location}` parameter `{parameter}` has the new value `{value}` in its list of values
        request-parameter-property-enum-value-removed error request parameters values remove
          the property `{name}` of the `{location}` parameter `{parameter}` no longer has the value `{value}` in its list of values
        request-parameter-property-list-of-types-narrowed error request parameters type remove
          the property `{name}` of the `{location}` parameter `{parameter}` no longer offers the types `{value}`
        request-parameter-property-list-of-types-widened info request parameters type add
          the property `{name}` of the `{location}` parameter `{parameter}` offers the further types `{value}`
        request-parameter-property-type-changed warning request parameters type change
          the property `{name}` of the `{location}` parameter `{parameter}` has another {what}: `{from}` became `{to}`
          # Whether it breaks callers depends on how they write the object: as JSON it does.
        request-parameter-property-type-generalized info request parameters type generalize
          the property `{name}` of the `{location}` parameter `{parameter}` has a wider {what}: `{from}` became `{to}`
        request-parameter-property-type-specialized error request parameters type specialize
          the property `{name}` of the `{location}` parameter `{parameter}` has a narrower {what}: `{from}` became `{to}`
        request-parameter-reactivated info request parameters lifecycle change
          the `{location}` parameter `{parameter}` is no longer deprecated
        request-parameter-removed warning request parameters existence remove
          the `{location}` parameter `{parameter}` was removed
          # Callers that still send it may be refused, or get another answer than before.
        request-parameter-removed-before-sunset error request parameters existence remove
          the `{location}` parameter `{parameter}` was removed before its sunset date `{value}`
        request-parameter-removed-with-deprecation info request parameters existence remove
          the `{location}` parameter `{parameter}` was removed after it had been deprecated
        request-parameter-sunset-date-changed-too-small error request parameters lifecycle change
          the `{location}` parameter `{parameter}` goes away earlier, on `{to}` instead of `{from}`, and less than `{key}` days from now
        request-parameter-sunset-date-too-small error request parameters lifecycle change
          the `{location}` parameter `{parameter}` goes away on `{value}`, earlier than the `{key}` days that are required
        request-parameter-sunset-deleted error request parameters lifecycle change
          the `{location}` parameter `{parameter}` is still deprecated, but its sunset date is gone
        request-parameter-sunset-parse error request parameters lifecycle change
          the `{location}` parameter `{parameter}` has a sunset date that cannot be read: `{value}`
        request-parameter-type-changed error request parameters type change
          the `{location}` parameter `{parameter}` has another {what}: `{from}` became `{to}`
        request-parameter-type-generalized info request parameters type generalize
          the `{location}` parameter `{parameter}` has a wider {what}: `{from}` became `{to}`
        request-parameter-x-extensible-enum-value-removed error request parameters values remove
          the `{location}` parameter `{parameter}` no longer has the value `{value}` in its extensible list of values
        """
}
