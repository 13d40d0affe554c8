extension ChangeTable {
    /// Paths, operations, security, tags, components and versions.
    static let generalRows = """
        api-deprecated-sunset-missing error none paths lifecycle change
          the operation is now deprecated without a date on which it goes away
        api-deprecated-sunset-parse error none paths lifecycle change
          the operation is now deprecated with a sunset date that cannot be read: `{value}`
        api-global-security-added info none security existence add
          the security requirement `{value}` was added for the whole API
        api-global-security-removed info none security existence remove
          the security requirement `{value}` was removed for the whole API
        api-global-security-scope-added info none security existence add
          the scope `{value}` was added to the security scheme `{name}` for the whole API
        api-global-security-scope-removed info none security existence remove
          the scope `{value}` was removed from the security scheme `{name}` for the whole API
        api-invalid-stability-level error none paths lifecycle change
          the stability level `{value}` is none of `draft`, `alpha`, `beta` and `stable`
        api-major-version-not-bumped info none info lifecycle increase
          callers may break, but the major version did not grow: `{from}` became `{to}`
        api-operation-id-added info none paths existence add
          the operation now has the id `{value}`
        api-operation-id-removed info none paths existence remove
          the operation has another id: `{from}` became `{to}`
        api-path-removed-before-sunset error none paths existence remove
          the path was removed before its sunset date `{value}`
        api-path-removed-with-deprecation info none paths existence remove
          the path was removed after it had been deprecated
        api-path-removed-without-deprecation error none paths existence remove
          the path was removed without having been deprecated
        api-path-sunset-parse error none paths lifecycle change
          the sunset date of the operation cannot be read: `{value}`
        api-removed-before-sunset error none paths existence remove
          the operation was removed before its sunset date `{value}`
        api-removed-with-deprecation info none paths existence remove
          the operation was removed after it had been deprecated
        api-removed-without-deprecation error none paths existence remove
          the operation was removed without having been deprecated
        api-schema-removed info none components existence remove
          the schema `{name}` was removed from the components
        api-security-added info none security existence add
          the security requirement `{value}` was added to the operation
        api-security-component-added info none security existence add
          the security scheme `{name}` was added
        api-security-component-oauth-scope-added info none security existence add
          the security scheme `{name}` now has the OAuth scope `{value}`
        api-security-component-oauth-scope-changed info none security type change
          the security scheme `{name}` says something else about the OAuth scope `{key}`: `{from}` became `{to}`
        api-security-component-oauth-scope-removed info none security existence remove
          the security scheme `{name}` no longer has the OAuth scope `{value}`
        api-security-component-oauth-token-url-changed info none security type change
          the security scheme `{name}` has another token URL: `{from}` became `{to}`
        api-security-component-oauth-url-changed info none security type change
          the security scheme `{name}` has another authorization URL: `{from}` became `{to}`
        api-security-component-removed info none security existence remove
          the security scheme `{name}` was removed
        api-security-component-type-changed info none security type change
          the security scheme `{name}` has another type: `{from}` became `{to}`
        api-security-removed info none security existence remove
          the security requirement `{value}` was removed from the operation
        api-security-scope-added info none security existence add
          the scope `{value}` was added to the security scheme `{name}` of the operation
        api-security-scope-removed info none security existence remove
          the scope `{value}` was removed from the security scheme `{name}` of the operation
        api-stability-decreased error none paths lifecycle decrease
          the operation is less stable: `{from}` became `{to}`
        api-stability-increased info none paths lifecycle increase
          the operation is more stable: `{from}` became `{to}`
        api-sunset-date-changed-too-small error none paths lifecycle change
          the operation goes away earlier, on `{to}` instead of `{from}`, and less than `{key}` days from now
        api-sunset-date-too-small error none paths lifecycle change
          the operation goes away on `{value}`, earlier than the `{key}` days that are required
        api-tag-added info none tags existence add
          the operation has the new tag `{value}`
        api-tag-removed info none tags existence remove
          the operation lost the tag `{value}`
        api-version-decreased info none info lifecycle decrease
          callers may break, but the version went down: `{from}` became `{to}`
        api-version-not-bumped info none info lifecycle change
          callers may break, but the version is still `{value}`
        endpoint-added info none paths existence add
          the operation was added
        endpoint-deprecated info none paths lifecycle change
          the operation is now deprecated
        endpoint-deprecated-with-sunset info none paths lifecycle change
          the operation is now deprecated and goes away on `{value}`
        endpoint-reactivated info none paths lifecycle change
          the operation is no longer deprecated
        sunset-deleted error none paths lifecycle remove
          the operation is still deprecated, but its sunset date is gone
        webhook-added info none components existence add
          the webhook `{name}` was added
        webhook-removed error none components existence remove
          the webhook `{name}` was removed
        """
}
