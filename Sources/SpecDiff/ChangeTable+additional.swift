extension ChangeTable {
    /// Checks of our own, that oasdiff does not have.
    static let additionalRows = """
        request-body-additional-properties-forbidden error request schema constraints set
          the request body no longer allows properties that it does not name
        request-body-additional-properties-allowed info request schema constraints remove
          the request body now allows properties that it does not name
        request-body-unique-items-set error request schema constraints set
          the request body must no longer hold the same item twice
        request-body-unique-items-unset info request schema constraints remove
          the request body may now hold the same item twice
        request-body-multiple-of-set warning request schema constraints set
          the request body must now be a multiple of `{to}`
        request-body-multiple-of-unset info request schema constraints remove
          the request body no longer has to be a multiple of `{from}`
        request-body-multiple-of-changed warning request schema constraints change
          the request body must be a multiple of another number: `{from}` became `{to}`
        request-body-not-added error request schema structure add
          the request body now has a schema under `not`
        request-body-not-removed info request schema structure remove
          the request body no longer has a schema under `not`
        request-body-max-items-set warning request schema constraints set
          the request body now has a maximum number of items of `{to}`
        request-body-max-items-increased info request schema constraints increase
          the request body has a higher maximum number of items: `{from}` became `{to}`
        request-body-max-items-decreased error request schema constraints decrease
          the request body has a lower maximum number of items: `{from}` became `{to}`
        request-body-max-properties-set warning request schema constraints set
          the request body now has a maximum number of properties of `{to}`
        request-body-max-properties-increased info request schema constraints increase
          the request body has a higher maximum number of properties: `{from}` became `{to}`
        request-body-max-properties-decreased error request schema constraints decrease
          the request body has a lower maximum number of properties: `{from}` became `{to}`
        request-body-min-properties-set warning request schema constraints set
          the request body now has a minimum number of properties of `{to}`
        request-body-min-properties-increased error request schema constraints increase
          the request body has a higher minimum number of properties: `{from}` became `{to}`
        request-body-min-properties-decreased info request schema constraints decrease
          the request body has a lower minimum number of properties: `{from}` became `{to}`
        request-property-additional-properties-forbidden error request schema constraints set
          the request property `{name}` no longer allows properties that it does not name
        request-property-additional-properties-allowed info request schema constraints remove
          the request property `{name}` now allows properties that it does not name
        request-property-unique-items-set error request schema constraints set
          the request property `{name}` must no longer hold the same item twice
        request-property-unique-items-unset info request schema constraints remove
          the request property `{name}` may now hold the same item twice
        request-property-multiple-of-set warning request schema constraints set
          the request property `{name}` must now be a multiple of `{to}`
        request-property-multiple-of-unset info request schema constraints remove
          the request property `{name}` no longer has to be a multiple of `{from}`
        request-property-multiple-of-changed warning request schema constraints change
          the request property `{name}` must be a multiple of another number: `{from}` became `{to}`
        request-property-not-added error request schema structure add
          the request property `{name}` now has a schema under `not`
        request-property-not-removed info request schema structure remove
          the request property `{name}` no longer has a schema under `not`
        request-property-max-items-set warning request schema constraints set
          the request property `{name}` now has a maximum number of items of `{to}`
        request-property-max-items-increased info request schema constraints increase
          the request property `{name}` has a higher maximum number of items: `{from}` became `{to}`
        request-property-max-items-decreased error request schema constraints decrease
          the request property `{name}` has a lower maximum number of items: `{from}` became `{to}`
        request-property-max-properties-set warning request schema constraints set
          the request property `{name}` now has a maximum number of properties of `{to}`
        request-property-max-properties-increased info request schema constraints increase
          the request property `{name}` has a higher maximum number of properties: `{from}` became `{to}`
        request-property-max-properties-decreased error request schema constraints decrease
          the request property `{name}` has a lower maximum number of properties: `{from}` became `{to}`
        request-property-min-properties-set warning request schema constraints set
          the request property `{name}` now has a minimum number of properties of `{to}`
        request-property-min-properties-increased error request schema constraints increase
          the request property `{name}` has a higher minimum number of properties: `{from}` became `{to}`
        request-property-min-properties-decreased info request schema constraints decrease
          the request property `{name}` has a lower minimum number of properties: `{from}` became `{to}`
        response-body-additional-properties-forbidden info response schema constraints set
          the body of the response `{status}` no longer allows properties that it does not name
        response-body-additional-properties-allowed warning response schema constraints remove
          the body of the response `{status}` now allows properties that it does not name
        response-body-unique-items-set info response schema constraints set
          the body of the response `{status}` must no longer hold the same item twice
        response-body-unique-items-unset warning response schema constraints remove
          the body of the response `{status}` may now hold the same item twice
        response-body-multiple-of-set info response schema constraints set
          the body of the response `{status}` must now be a multiple of `{to}`
        response-body-multiple-of-unset warning response schema constraints remove
          the body of the response `{status}` no longer has to be a multiple of `{from}`
        response-body-multiple-of-changed warning response schema constraints change
          the body of the response `{status}` must be a multiple of another number: `{from}` became `{to}`
        response-body-not-added info response schema structure add
          the body of the response `{status}` now has a schema under `not`
        response-body-not-removed warning response schema structure remove
          the body of the response `{status}` no longer has a schema under `not`
        response-body-max-items-unset warning response schema constraints remove
          the body of the response `{status}` no longer has a maximum number of items, which was `{from}`
        response-body-max-items-increased error response schema constraints increase
          the body of the response `{status}` has a higher maximum number of items: `{from}` became `{to}`
        response-body-max-properties-unset warning response schema constraints remove
          the body of the response `{status}` no longer has a maximum number of properties, which was `{from}`
        response-body-max-properties-increased error response schema constraints increase
          the body of the response `{status}` has a higher maximum number of properties: `{from}` became `{to}`
        response-body-min-properties-unset warning response schema constraints remove
          the body of the response `{status}` no longer has a minimum number of properties, which was `{from}`
        response-body-min-properties-decreased error response schema constraints decrease
          the body of the response `{status}` has a lower minimum number of properties: `{from}` became `{to}`
        response-property-additional-properties-forbidden info response schema constraints set
          the property `{name}` of the response `{status}` no longer allows properties that it does not name
        response-property-additional-properties-allowed warning response schema constraints remove
          the property `{name}` of the response `{status}` now allows properties that it does not name
        response-property-unique-items-set info response schema constraints set
          the property `{name}` of the response `{status}` must no longer hold the same item twice
        response-property-unique-items-unset warning response schema constraints remove
          the property `{name}` of the response `{status}` may now hold the same item twice
        response-property-multiple-of-set info response schema constraints set
          the property `{name}` of the response `{status}` must now be a multiple of `{to}`
        response-property-multiple-of-unset warning response schema constraints remove
          the property `{name}` of the response `{status}` no longer has to be a multiple of `{from}`
        response-property-multiple-of-changed warning response schema constraints change
          the property `{name}` of the response `{status}` must be a multiple of another number: `{from}` became `{to}`
        response-property-not-added info response schema structure add
          the property `{name}` of the response `{status}` now has a schema under `not`
        response-property-not-removed warning response schema structure remove
          the property `{name}` of the response `{status}` no longer has a schema under `not`
        response-property-max-items-unset warning response schema constraints remove
          the property `{name}` of the response `{status}` no longer has a maximum number of items, which was `{from}`
        response-property-max-items-increased error response schema constraints increase
          the property `{name}` of the response `{status}` has a higher maximum number of items: `{from}` became `{to}`
        response-property-max-properties-unset warning response schema constraints remove
          the property `{name}` of the response `{status}` no longer has a maximum number of properties, which was `{from}`
        response-property-max-properties-increased error response schema constraints increase
          the property `{name}` of the response `{status}` has a higher maximum number of properties: `{from}` became `{to}`
        response-property-min-properties-unset warning response schema constraints remove
          the property `{name}` of the response `{status}` no longer has a minimum number of properties, which was `{from}`
        response-property-min-properties-decreased error response schema constraints decrease
          the property `{name}` of the response `{status}` has a lower minimum number of properties: `{from}` became `{to}`
        response-body-max-unset warning response schema constraints remove
          the body of the response `{status}` no longer has a maximum, which was `{from}`
        response-body-min-unset warning response schema constraints remove
          the body of the response `{status}` no longer has a minimum, which was `{from}`
        response-body-exclusive-max-unset warning response schema constraints remove
          the body of the response `{status}` no longer has an exclusive maximum, which was `{from}`
        response-body-exclusive-min-unset warning response schema constraints remove
          the body of the response `{status}` no longer has an exclusive minimum, which was `{from}`
        response-body-max-contains-unset warning response schema constraints remove
          the body of the response `{status}` no longer has a maximum number of items that `contains` describes, which was `{from}`
        response-body-min-contains-unset warning response schema constraints remove
          the body of the response `{status}` no longer has a minimum number of items that `contains` describes, which was `{from}`
        request-body-max-contains-set warning request schema constraints set
          the request body now has a maximum number of items that `contains` describes of `{to}`
        request-body-min-contains-set warning request schema constraints set
          the request body now has a minimum number of items that `contains` describes of `{to}`
        response-property-max-unset warning response schema constraints remove
          the property `{name}` of the response `{status}` no longer has a maximum, which was `{from}`
        response-property-min-unset warning response schema constraints remove
          the property `{name}` of the response `{status}` no longer has a minimum, which was `{from}`
        response-property-exclusive-max-unset warning response schema constraints remove
          the property `{name}` of the response `{status}` no longer has an exclusive maximum, which was `{from}`
        response-property-exclusive-min-unset warning response schema constraints remove
          the property `{name}` of the response `{status}` no longer has an exclusive minimum, which was `{from}`
        response-property-max-contains-unset warning response schema constraints remove
          the property `{name}` of the response `{status}` no longer has a maximum number of items that `contains` describes, which was `{from}`
        response-property-min-contains-unset warning response schema constraints remove
          the property `{name}` of the response `{status}` no longer has a minimum number of items that `contains` describes, which was `{from}`
        request-property-max-contains-set warning request schema constraints set
          the request property `{name}` now has a maximum number of items that `contains` describes of `{to}`
        request-property-min-contains-set warning request schema constraints set
          the request property `{name}` now has a minimum number of items that `contains` describes of `{to}`
        request-parameter-serialization-changed error request parameters type change
          the `{location}` parameter `{parameter}` is written in another way: `{from}` became `{to}`
        request-parameter-media-type-added info request parameters existence add
          the `{location}` parameter `{parameter}` may now be `{media}`
        request-parameter-media-type-removed error request parameters existence remove
          the `{location}` parameter `{parameter}` may no longer be `{media}`
        api-server-added info none paths existence add
          the server `{value}` was added
        api-server-removed warning none paths existence remove
          the server `{value}` was removed
          # Callers that use this address have to move to another one.
        callback-added info none paths existence add
          the callback `{name}` was added
        callback-removed error none paths existence remove
          the callback `{name}` was removed
        webhook-operation-added info none components existence add
          the method `{value}` of the webhook `{name}` was added
        webhook-operation-removed error none components existence remove
          the method `{value}` of the webhook `{name}` was removed
        comparison-cut warning none info lifecycle change
          the comparison stopped at its limit `{name}` of `{value}`: there may be more changes than are listed
        """
}
