public import DocumentTree
public import Lifecycle
public import Manifest
import OpenAPIModel
public import RoutingTable

/// A definition that the caller loaded, or could not.
public enum LoadedDefinition: Sendable {
    case bytes([UInt8], name: String)
    /// Why not, as the end of a sentence: "no such file".
    case failed(reason: String)
}

/// Manifests made ready for the compiler without a control plane: every version counts as approved.
public struct OfflineInput: Sendable {
    public var input: CompilationInput
    /// From applications, subscriptions, credentials and plans. Ids are made of names, so that equal files give equal bytes.
    public var entitlements: EntitlementContent
    /// What is wrong with the manifests beside what their reader found; compile only when none is an error.
    public var findings: [Finding]

    /// Collects from manifests.
    ///
    /// - Parameters:
    ///   - manifests: read without errors.
    ///   - environment: subscriptions and credentials of others are left out.
    ///   - load: loads the file that a version's `definition` names, relative to the text that names it
    ///     (`reference.place`).
    public init(
        _ manifests: ManifestSet,
        environment: String = ManifestSet.standardEnvironment,
        load: (ManifestReference) -> LoadedDefinition
    ) {
        var findings = manifests.danglingReferences()
        var upstreams: [CompilationInput.Upstream] = []
        for item in manifests.upstreams { upstreams.append(Self.upstream(item, &findings)) }
        var loader = DefinitionLoader()
        var input = CompilationInput(environment: environment, upstreams: upstreams, isOffline: true)
        for item in manifests.apis {
            let versions = manifests.versions.filter { $0.spec.api.name == item.name && $0.spec.state != .draft }
            input.apis.append(
                CompilationInput.API(
                    name: item.name,
                    title: item.spec.title ?? item.name,
                    settings: APISettings(item),
                    versions: versions.map { Self.version($0, &loader, load) }
                )
            )
        }
        findings += loader.findings
        self.input = input
        let consumers = OfflineEntitlements(manifests: manifests, environment: environment, input: input)
        entitlements = consumers.content
        self.findings = (findings + consumers.findings).sorted(by: Finding.precedesTotally)
    }

    private static func upstream(
        _ item: ManifestItem<UpstreamSpec>,
        _ findings: inout [Finding]
    ) -> CompilationInput.Upstream {
        var targets: [Lifecycle.Upstream.Target] = []
        for target in item.spec.targets {
            do throws(Lifecycle.Upstream.Target.Malformed) {
                targets.append(
                    try Lifecycle.Upstream.Target(
                        url: target.url.name,
                        weight: target.weight,
                        priority: target.priority
                    )
                )
            } catch {
                let finding = target.url.place?.finding(
                    code: CompilationCode.invalidTarget,
                    message: "`\(target.url.name)` is no target: \(error.reason)",
                    help: "write `http://HOST:PORT` or `https://HOST:PORT`"
                )
                if let finding { findings.append(finding) }
            }
        }
        return CompilationInput.Upstream(
            name: item.name,
            targets: targets,
            connectTimeoutMilliseconds: item.spec.connectTimeoutMilliseconds,
            headerTimeoutMilliseconds: item.spec.headerTimeoutMilliseconds,
            idleTimeoutMilliseconds: item.spec.idleTimeoutMilliseconds,
            policy: item.spec.policy
        )
    }

    private static func version(
        _ item: ManifestItem<APIVersionSpec>,
        _ loader: inout DefinitionLoader,
        _ load: (ManifestReference) -> LoadedDefinition
    ) -> ApprovedVersion {
        let name = VersionName(item.spec.version)
        let deprecation = item.spec.deprecation
        let label = ApprovedVersion.Label(
            name: name.text,
            major: name.major,
            sortKey: name.sortKey,
            state: item.spec.state == .retired ? .retired : .published,
            isSuspended: item.spec.state == .suspended,
            leaving: ApprovedVersion.Leaving(
                // Without a date it is deprecated from ever on: files have no clock.
                deprecatedAt: deprecation.map { $0.deprecatedAt ?? 0 },
                sunsetAt: deprecation?.sunsetAt,
                successor: deprecation?.successor,
                deprecationLink: deprecation?.link
            )
        )
        let unit = item.spec.state == .retired ? nil : loader.unit(of: item, load)
        return ApprovedVersion.compiledOffline(label, upstream: item.spec.upstream?.name ?? "", unit: unit)
    }
}

/// Loads, parses and collects definitions, and keeps what is wrong with them.
private struct DefinitionLoader {
    private(set) var findings: [Finding] = []

    mutating func unit(
        of item: ManifestItem<APIVersionSpec>,
        _ load: (ManifestReference) -> LoadedDefinition
    ) -> CompilationUnit? {
        switch item.spec.definition {
        case .file(let reference):
            switch load(reference) {
            case .bytes(let bytes, let name):
                return unit(bytes, name: name)
            case .failed(let reason):
                note(reference.place ?? item.place, "definition `\(reference.name)` cannot be loaded: \(reason)")
                return nil
            }
        case .inline(let inline):
            let source = inline.place?.source ?? item.name
            return unit(Array(inline.value.text().utf8), name: "\(source)#\(item.name)")
        case nil:
            note(item.place, "ApiVersion `\(item.name)` has no definition")
            return nil
        }
    }

    private mutating func unit(_ bytes: [UInt8], name: String) -> CompilationUnit? {
        do throws(UnreadableDocument) {
            let document = try Document.read(bytes, name: name)
            findings += document.findings.filter { $0.severity == .error }
            do throws(UnsupportedDocument) {
                let openAPI = try OpenAPIDocument(document)
                return CompilationUnit(openAPI, sourceName: name, sha256: Digest32.sha256(of: bytes))
            } catch {
                findings += error.findings
            }
        } catch {
            findings += error.findings
        }
        return nil
    }

    private mutating func note(_ place: ManifestPlace?, _ message: String) {
        guard let place else {
            findings.append(.about("definitions", code: CompilationCode.unreadableDefinition, message: message))
            return
        }
        findings.append(place.finding(code: CompilationCode.unreadableDefinition, message: message))
    }
}

extension APISettings {
    /// The settings of an `Api` manifest; what it leaves out has its default.
    public init(_ item: ManifestItem<APISpec>) {
        let spec = item.spec
        self.init(
            basePath: spec.basePath ?? "/\(item.name)",
            hosts: spec.hosts,
            access: spec.access == .open ? .open : .plan,
            security: spec.security == .delegate ? .delegate : .verify,
            versioning: Versioning(
                places: spec.versioning.places.map { place in
                    switch place {
                    case .path: .path
                    case .header: .header
                    case .query: .query
                    case .mediaType: .mediaType
                    case .pin: .pin
                    }
                },
                header: spec.versioning.header,
                query: spec.versioning.query,
                mediaTypeParameter: spec.versioning.mediaTypeParameter,
                standard: spec.versioning.standard
            ),
            requestHeaders: RequestHeaders(set: spec.requestHeaders.set, remove: spec.requestHeaders.remove),
            passthrough: spec.isPassthrough ? Passthrough(upstream: spec.upstream?.name ?? "", deny: spec.deny) : nil
        )
    }
}

extension Lifecycle.Upstream.Target.Malformed {
    /// The reason as the end of a sentence.
    var reason: String {
        switch self {
        case .notHTTP: "expected `http://` or `https://`"
        case .noHost: "it has no host"
        case .badPort: "its port is not between 1 and 65535"
        case .hasUserInformation: "it holds a user name"
        case .hasQueryOrFragment: "it holds a query or a fragment"
        case .badCharacter: "it holds a character that a URL cannot hold"
        }
    }
}
