/// A piece of HTML that was escaped when it was made, so that no text of a document can become markup.
///
/// Names of elements and attributes are `StaticString`: only the program's own source can write them. Everything else goes
/// through ``text(_:)`` or an attribute's value. There is no way to add raw HTML, and none to add a script: reports are
/// pages without any, which lets them forbid scripts altogether (``page(title:style:body:)``).
public struct Markup: Sendable {
    /// The HTML.
    public let html: String

    private init(html: String) { self.html = html }

    /// Nothing.
    public static let empty = Markup(html: "")

    /// Text. Control characters, and those that reorder what a reader sees (Unicode TR 9), are shown as U+FFFD.
    public static func text(_ text: some StringProtocol) -> Markup { Markup(html: escaped(text)) }

    /// Pieces one after the other.
    public static func group(_ pieces: [Markup]) -> Markup { Markup(html: pieces.map(\.html).joined()) }

    /// An element.
    ///
    /// - Parameters:
    ///   - name: its name; `script` and `style` have a content that is not escaped and are refused.
    ///   - attributes: in order.
    ///   - content: what stands in it; must be empty for elements that HTML gives no content.
    /// - Returns: the element with its content.
    public static func element(
        _ name: StaticString,
        _ attributes: [Attribute] = [],
        @MarkupBuilder content: () -> Markup = { .empty }
    ) -> Markup {
        let name = name.description
        precondition(name != "script" && name != "style", "the content of <\(name)> is not escaped text")
        let open = "<" + name + attributes.map(\.html).joined() + ">"
        let inner = content().html
        guard !voidNames.contains(name) else {
            precondition(inner.isEmpty, "<\(name)> has no content")
            return Markup(html: open)
        }
        return Markup(html: open + inner + "</" + name + ">")
    }

    /// An element that holds one text.
    public static func element(_ name: StaticString, _ attributes: [Attribute] = [], _ text: String) -> Markup {
        element(name, attributes) { Markup.text(text) }
    }

    /// A link; an address that is neither relative nor `http(s)` or `mailto` is written as text alone.
    public static func link(_ text: String, to address: String, _ attributes: [Attribute] = []) -> Markup {
        guard isHarmless(address: address) else { return .text(text) }
        return element("a", [.init(uncheckedName: "href", value: address)] + attributes, text)
    }

    /// A whole page in one file: it loads nothing, runs nothing, and says so in its content security policy.
    public static func page(title: String, style: StyleSheet, @MarkupBuilder body: () -> Markup) -> Markup {
        let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        let head = element("head") {
            element("meta", [.attribute("charset", "utf-8")])
            element("meta", [.attribute("http-equiv", "Content-Security-Policy"), .attribute("content", policy)])
            element("meta", [.attribute("name", "viewport"), .attribute("content", "width=device-width")])
            element("meta", [.attribute("name", "color-scheme"), .attribute("content", "light dark")])
            element("title", [], title)
            Markup(html: "<style>" + style.text + "</style>")
        }
        let root = element("html", [.attribute("lang", "en")]) {
            head
            element("body", [], content: body)
        }
        return Markup(html: "<!doctype html>\n" + root.html + "\n")
    }

    /// One attribute of an element.
    public struct Attribute: Sendable {
        let html: String

        fileprivate init(uncheckedName name: String, value: String) {
            html = " " + name + "=\"" + Markup.escaped(value) + "\""
        }

        /// A name with a value. Names whose value is a program or an address are refused: `on…`, `style`, `href`, `src`,
        /// `action`, `srcdoc`; see ``Markup/link(_:to:_:)`` for links.
        public static func attribute(_ name: StaticString, _ value: String) -> Attribute {
            let name = name.description
            let isProgram = name.hasPrefix("on") || ["style", "href", "src", "action", "srcdoc"].contains(name)
            precondition(!isProgram, "the value of `\(name)` is more than text")
            return Attribute(uncheckedName: name, value: value)
        }

        /// A name whose presence says it all, such as `checked`.
        public static func flag(_ name: StaticString) -> Attribute {
            Attribute(uncheckedName: name.description, value: "")
        }

        /// `class`.
        public static func `class`(_ value: String) -> Attribute { attribute("class", value) }
    }

    private static let voidNames: Set<String> = ["meta", "input", "br", "hr", "col", "img", "link", "wbr"]

    private static func isHarmless(address: String) -> Bool {
        // A browser drops tabs and line feeds out of an address before it looks for the scheme.
        guard address.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else { return false }
        guard let colon = address.firstIndex(of: ":"), !address[..<colon].contains(where: { "/?#".contains($0) }) else {
            return true
        }
        return ["http", "https", "mailto"].contains(address[..<colon].lowercased())
    }

    private static func escaped(_ text: some StringProtocol) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n": result.unicodeScalars.append(scalar)
            case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}",
                "\u{2066}"..."\u{2069}":
                result.unicodeScalars.append("\u{FFFD}")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

/// A style sheet: text of the program's own source, into which only whole numbers can be put.
public struct StyleSheet: Sendable, ExpressibleByStringInterpolation {
    fileprivate let text: String

    /// Takes a literal of the source.
    public init(stringLiteral value: StaticString) { text = value.description }

    /// Takes a literal with numbers in it.
    public init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    private init(text: String) { self.text = text }

    /// One sheet after the other.
    public static func + (left: StyleSheet, right: StyleSheet) -> StyleSheet {
        StyleSheet(text: left.text + right.text)
    }

    /// What may be put into a style sheet.
    public struct Interpolation: StringInterpolationProtocol, Sendable {
        fileprivate var text = ""

        /// - Parameters: sizes of what follows, unused.
        public init(literalCapacity: Int, interpolationCount: Int) {}

        /// Text of the source.
        public mutating func appendLiteral(_ literal: StaticString) { text += literal.description }

        /// A number.
        public mutating func appendInterpolation(_ number: Int) { text += String(number) }
    }
}

/// Writes the content of an element as statements.
@resultBuilder
public enum MarkupBuilder {
    /// A piece.
    public static func buildExpression(_ piece: Markup) -> Markup { piece }
    /// Pieces in order.
    public static func buildExpression(_ pieces: [Markup]) -> Markup { .group(pieces) }
    /// Text, escaped.
    public static func buildExpression(_ text: String) -> Markup { .text(text) }
    /// Statements in order.
    public static func buildBlock(_ pieces: Markup...) -> Markup { .group(pieces) }
    /// `if`.
    public static func buildOptional(_ piece: Markup?) -> Markup { piece ?? .empty }
    /// `if` of `if … else`.
    public static func buildEither(first piece: Markup) -> Markup { piece }
    /// `else` of `if … else`.
    public static func buildEither(second piece: Markup) -> Markup { piece }
    /// `for … in`.
    public static func buildArray(_ pieces: [Markup]) -> Markup { .group(pieces) }
}
