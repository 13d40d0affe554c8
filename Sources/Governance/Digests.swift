import FoundationEssentials
import Lifecycle
import RoutingTable

extension ReleaseManifest {
    /// The manifest's name: SHA-256 of its canonical text.
    var sha256: [UInt8] { Digest32.sha256(of: Array(canonicalText.utf8)).bytes }
}

extension APISettings {
    /// SHA-256 of the settings as JSON with sorted keys, so that equal settings have equal digests.
    var sha256: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Digest32.sha256(of: Array(try encoder.encode(self))).bytes
        }
    }
}

extension Upstream {
    /// The same upstream with its digest.
    var digested: Upstream {
        var copy = self
        copy.sha256 = Digest32.sha256(of: Array(canonicalText.utf8)).bytes
        return copy
    }
}
