import DocumentTree
import Testing

@Suite("Markup: HTML that is escaped when it is made")
struct MarkupTests {
    @Test("text and attribute values cannot become markup")
    func escaping() {
        let piece = Markup.element("p", [.class(#"a" onclick="x"#), .flag("hidden")]) {
            #"<script>alert('&')</script>"#
            Markup.element("br")
        }
        #expect(
            piece.html
                == #"<p class="a&quot; onclick=&quot;x" hidden="">&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;<br></p>"#
        )
    }

    @Test("characters that hide or reorder text are shown, not obeyed")
    func controls() {
        #expect(
            Markup.text("a\u{0}b\u{202E}c\u{2066}d\u{1B}e\u{85}\tf\n").html
                == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}\tf\n"
        )
        #expect(Markup.text("Übergröße 👍🏽").html == "Übergröße 👍🏽")
    }

    @Test(
        "only harmless addresses become links",
        arguments: [
            ("https://a.example/x?y=1", true), ("HTTP://a.example", true), ("mailto:a@b.example", true),
            ("#place", true),
            ("a/b:c", true), ("javascript:alert(1)", false), ("java\nscript:alert(1)", false), (" javascript:x", false),
            ("data:text/html,x", false), ("vbscript:x", false),
        ]
    )
    func links(address: String, isLink: Bool) {
        #expect(Markup.link("x", to: address).html.hasPrefix("<a href=") == isLink)
    }

    @Test("content is written as statements")
    func builder() {
        let isShown = false
        let list = Markup.element("ul") {
            for name in ["a", "b"] { Markup.element("li", [], name) }
            if isShown { Markup.element("li", [], "c") }
            if isShown { "x" } else { "y" }
        }
        #expect(list.html == "<ul><li>a</li><li>b</li>y</ul>")
    }

    @Test("a page forbids everything that it does not bring itself")
    func page() {
        let number = 3
        let page = Markup.page(title: "a < b", style: "p{margin:0}" + "i{order:\(number)}") {
            Markup.element("p", [], "x")
        }
        #expect(page.html.hasPrefix("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"))
        #expect(page.html.contains("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;;"))
        #expect(page.html.contains("<title>a &lt; b</title><style>p{margin:0}i{order:3}</style>"))
        #expect(page.html.hasSuffix("<body><p>x</p></body></html>\n"))
    }
}
