// Problems that a gateway answers with: slug, status, title; fault and retry where they differ from "client, no"; advice.

extension ProblemCatalogue {
    /// Reading a request, finding what it asks for, and deciding who asks (phases 2 to 8 of the gateway).
    static func gatewayRow(for code: ProblemCode) -> Row? {
        switch code {
        case .malformedRequest:
            Row("malformed-request", 400, "The request is not well-formed HTTP")
                .advice("Caller: fix the client or the proxy in front of it; the connection was closed.")
        case .requestTimeout:
            Row("request-timeout", 408, "The request did not arrive in time", retry: true)
                .advice("Caller: send the whole request without long pauses, then try again.")
        case .lengthRequired:
            Row("length-required", 411, "The request needs a Content-Length")
                .advice("Caller: state the length of the body or send it chunked.")
        case .bodyTooLarge:
            Row("body-too-large", 413, "The request body is too large")
                .advice("Caller: send less; API owner: raise the body limit of the API where larger bodies are meant.")
        case .uriTooLong:
            Row("uri-too-long", 414, "The request target is too long")
                .advice("Caller: shorten the URL; long filters belong into a body.")
        case .headerTooLarge:
            Row("header-too-large", 431, "The request header is too large")
                .advice("Caller: send fewer or shorter fields; cookies are the usual cause.")
        case .expectationFailed:
            Row("expectation-failed", 417, "The expectation cannot be met")
                .advice("Caller: send no Expect field other than `100-continue`.")
        case .upgradeRefused:
            Row("upgrade-refused", 400, "The protocol change is not offered here")
                .advice("Caller: speak HTTP/1.1 without Upgrade.")
        case .unsupportedTransferCoding:
            Row("unsupported-transfer-coding", 501, "The transfer coding is not supported")
                .advice("Caller: use `chunked` and nothing else.")
        case .httpVersionNotSupported:
            Row("http-version-not-supported", 505, "The HTTP version is not supported")
                .advice("Caller: speak HTTP/1.1 or HTTP/1.0.")
        case .methodNotImplemented:
            Row("method-not-implemented", 501, "The method is not implemented")
                .advice("Caller: use a method that the specification of the API lists; CONNECT and TRACE never pass.")
        case .misdirectedRequest:
            Row("misdirected-request", 421, "This gateway does not serve that host")
                .advice("Caller: check the Host field; operator: add the host to the API.")
        case .pathRefused:
            Row("path-refused", 400, "The path has an unsafe form")
                .advice(
                    "Caller: send the path without dot segments, encoded slashes, backslashes, control characters or double encoding."
                )
        case .noSuchAPI:
            Row("no-such-api", 404, "No API is published here")
                .advice("Caller: check host and base path; API owner: publish a version.")
        case .deniedPath:
            Row("denied-path", 403, "The path is not open to callers")
                .advice("Caller: this prefix is refused by the owner of the API; ask them.")
        case .unknownVersion:
            Row("unknown-version", 404, "The API has no such version")
                .advice("Caller: pick a version that the catalog lists as published.")
        case .versionMalformed:
            Row("version-malformed", 400, "The requested version cannot be read")
                .advice("Caller: name one version, once, in one place.")
        case .versionPinned:
            Row("version-pinned", 409, "The caller is pinned to another version")
                .advice(
                    "Caller: ask for the pinned version or drop the version from the request; application owner: change the pin."
                )
        case .versionNotGranted:
            Row("version-not-granted", 403, "The subscription does not cover this version")
                .advice("Application owner: subscribe to this major version, or use one that is granted.")
        case .versionSunset:
            Row("version-sunset", 410, "The version was switched off at its announced date")
                .advice("Caller: move to the successor; see the `successor` member and the Link field.")
        case .versionRetired:
            Row("version-retired", 410, "The version is retired")
                .advice("Caller: move to a published version.")
        case .versionSuspended:
            Row("version-suspended", 503, "The version is suspended for the moment", fault: .gatehouse, retry: true)
                .advice("Caller: try again later; API owner: resume the version when the reason is gone.")
        case .noSuchOperation:
            Row("no-such-operation", 404, "The version has no operation at this path")
                .advice("Caller: check the path against the specification of the version named in API-Version.")
        case .methodNotAllowed:
            Row("method-not-allowed", 405, "The method is not allowed for this path")
                .advice("Caller: use one of the methods in the Allow field.")
        case .credentialMissing:
            Row("credential-missing", 401, "A credential is needed")
                .advice("Caller: send the key of a subscribed application as WWW-Authenticate says.")
        case .credentialMalformed:
            Row("credential-malformed", 401, "The credential is not well-formed")
                .advice("Caller: check that the whole key was copied; its checksum does not fit.")
        case .credentialInvalid:
            Row("credential-invalid", 401, "The credential is not known")
                .advice("Caller: use a key that is in force; application owner: make a new one.")
        case .credentialRevoked:
            Row("credential-revoked", 401, "The credential was revoked")
                .advice("Application owner: make a new key and hand it to the caller.")
        case .credentialExpired:
            Row("credential-expired", 401, "The credential has expired")
                .advice("Application owner: rotate the key.")
        case .credentialNotYetValid:
            Row("credential-not-yet-valid", 401, "The credential is not valid yet", retry: true)
                .advice("Caller: wait until the start of its validity.")
        case .credentialAmbiguous:
            Row("credential-ambiguous", 401, "The request shows more than one credential")
                .advice("Caller: send one credential in one place.")
        case .schemeUnsupported:
            Row("scheme-unsupported", 401, "The security scheme cannot be verified here")
                .advice(
                    "API owner: bind the scheme of the specification to a verifier or delegate security to the upstream."
                )
        case .subscriptionMissing:
            Row("subscription-missing", 403, "The application is not subscribed to this API")
                .advice("Application owner: request a subscription to a plan of the API.")
        case .subscriptionPaused:
            Row("subscription-paused", 403, "The subscription is paused")
                .advice("Application owner: ask the owner of the API why, or resume it.")
        case .subscriptionExpired:
            Row("subscription-expired", 403, "The subscription has ended")
                .advice("Application owner: request a new subscription.")
        case .subscriptionNotStarted:
            Row("subscription-not-started", 403, "The subscription has not started", retry: true)
                .advice("Caller: wait until its first day.")
        case .operationNotGranted:
            Row("operation-not-granted", 403, "The plan does not grant this operation")
                .advice("Application owner: subscribe to a plan that grants the operation.")
        case .entitlementsStale:
            Row(
                "entitlements-stale",
                503,
                "This gateway's list of grants is too old to decide",
                fault: .gatehouse,
                retry: true
            )
            .advice("Operator: restore the connection to the control plane; Caller: try again.")
        default: nil
        }
    }

    /// Limits, and forwarding to the upstream (phases 8 to 14 of the gateway).
    static func forwardingRow(for code: ProblemCode) -> Row? {
        switch code {
        case .rateLimitExceeded:
            Row("rate-limit-exceeded", 429, "Too many requests in a short time", retry: true)
                .advice("Caller: wait as long as Retry-After says; spread the calls.")
        case .quotaExceeded:
            Row("quota-exceeded", 429, "The quota of the plan is used up", retry: true)
                .advice("Caller: wait for the next period; application owner: change to a larger plan.")
        case .quotaStoreUnavailable:
            Row(
                "quota-store-unavailable",
                503,
                "The quota cannot be counted at the moment",
                fault: .gatehouse,
                retry: true
            )
            .advice("Operator: check the quota ledger of this gateway; Caller: try again.")
        case .overloaded:
            Row("overloaded", 503, "The gateway is overloaded", fault: .gatehouse, retry: true)
                .advice("Caller: try again as Retry-After says; operator: add gateways.")
        case .shuttingDown:
            Row("shutting-down", 503, "The gateway is shutting down", fault: .gatehouse, retry: true)
                .advice("Caller: try again on a new connection.")
        case .upstreamUnreachable:
            Row(
                "upstream-unreachable",
                502,
                "The service behind the gateway cannot be reached",
                fault: .upstream,
                retry: true
            )
            .advice("API owner: check that the upstream listens at its address; Caller: try again later.")
        case .upstreamInvalidResponse:
            Row(
                "upstream-invalid-response",
                502,
                "The service behind the gateway answered with something that is not HTTP",
                fault: .upstream
            )
            .advice("API owner: fix the answer of the upstream; the access log has the reason.")
        case .upstreamConnectionLost:
            Row(
                "upstream-connection-lost",
                502,
                "The service behind the gateway closed the connection early",
                fault: .upstream,
                retry: true
            )
            .advice("API owner: look for a crash or a restart; Caller: repeat only what is safe to repeat.")
        case .upstreamTimeout:
            Row("upstream-timeout", 504, "The service behind the gateway took too long", fault: .upstream, retry: true)
                .advice("API owner: make it faster or raise the timeout; Caller: repeat only what is safe to repeat.")
        case .upstreamConnectTimeout:
            Row(
                "upstream-connect-timeout",
                504,
                "The service behind the gateway did not accept a connection in time",
                fault: .upstream,
                retry: true
            )
            .advice("API owner: check that the upstream is up and not overloaded.")
        case .upstreamUnavailable:
            Row(
                "upstream-unavailable",
                503,
                "No healthy instance of the service is left",
                fault: .upstream,
                retry: true
            )
            .advice("API owner: bring an instance back; Caller: try again as Retry-After says.")
        case .upstreamBusy:
            Row(
                "upstream-busy",
                503,
                "The service behind the gateway has as much to do as it may have",
                fault: .upstream,
                retry: true
            )
            .advice("Caller: try again as Retry-After says; API owner: raise the bounds or add instances.")
        case .upstreamTLSFailed:
            Row(
                "upstream-tls-failed",
                502,
                "No secure connection to the service behind the gateway could be made",
                fault: .upstream,
                retry: true
            )
            .advice("API owner: check the certificates, authorities and server name of the upstream.")
        case .noUpstream:
            Row("no-upstream", 503, "The version has no upstream", fault: .gatehouse, retry: true)
                .advice("API owner: publish the version with an upstream.")
        case .noSnapshot:
            Row("no-snapshot", 503, "This gateway has no routing snapshot yet", fault: .gatehouse, retry: true)
                .advice("Operator: check the connection to the control plane or give it a snapshot file.")
        default: nil
        }
    }
}
