import Foundation

/// `EmbedAssetsTool OUTPUT ROOT FILE…` writes one Swift file that holds the text of every FILE, named by its path
/// relative to ROOT. Run by the build plugin `EmbedAssets`; fails the build with a sentence on a file it cannot hold.
@main
enum EmbedAssetsTool {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { throw Refusal(text: "usage: EmbedAssetsTool OUTPUT ROOT FILE…") }
        let root = arguments[2] + "/"
        var code = "extension Assets {\n    static let embedded: [(name: String, text: String)] = [\n"
        for path in arguments.dropFirst(3) {
            let name = path.hasPrefix(root) ? String(path.dropFirst(root.count)) : path
            let text = try String(contentsOfFile: path, encoding: .utf8)
            code += try entry(name: name, text: text)
        }
        code += "    ]\n}\n"
        try code.write(toFile: arguments[1], atomically: true, encoding: .utf8)
    }

    /// A raw string literal needs one `#` more than the longest run that follows three quotes in the text.
    private static func entry(name: String, text: String) throws -> String {
        guard !text.utf8.contains(where: { $0 == 0 || $0 == 0x0D }) else {
            throw Refusal(
                text: "\(name): an embedded asset may hold no NUL and no carriage return; save it with LF line ends"
            )
        }
        var hashes = "#"
        while text.contains("\"\"\"" + hashes) || text.contains("\\" + hashes) { hashes += "#" }
        return "(\"\(name)\", \(hashes)\"\"\"\n\(text)\n\"\"\"\(hashes)),\n"
    }
}

struct Refusal: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}
