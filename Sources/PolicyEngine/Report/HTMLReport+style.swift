internal import DocumentTree

/// How the page looks, in light and dark, and how its switches work.
extension HTMLReport {
    static func style(ruleCount: Int) -> StyleSheet {
        var sheet = look + filters
        for rule in 0..<ruleCount {
            sheet =
                sheet + "body:has(#rule option[value='\(rule)']:checked) .finding:not(.r\(rule)){display:none}"
        }
        return sheet
    }

    /// A finding is hidden when its severity is unticked or another rule is chosen, a document when nothing of it is left.
    private static let filters: StyleSheet = """
        body:has(#s0:not(:checked)) .s0,body:has(#s1:not(:checked)) .s1,
        body:has(#s2:not(:checked)) .s2,body:has(#s3:not(:checked)) .s3{display:none}

        """

    private static let look: StyleSheet = """
        :root{--back:#f6f7f9;--card:#fff;--text:#1c2330;--soft:#5d6778;--edge:#dfe3ea;--code:#f1f3f7;--mark:#ffe9a8;
        --error:#c22f2f;--warning:#9a6200;--info:#2461b8;--hint:#5a6472;--link:#2461b8}
        @media (prefers-color-scheme:dark){:root{--back:#12151b;--card:#1b2029;--text:#e4e8ef;--soft:#98a3b5;--edge:#2c3340;
        --code:#141820;--mark:#5c4a12;--error:#ff7b72;--warning:#e3a73e;--info:#79b0ff;--hint:#a4adbb;--link:#79b0ff}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:72rem;padding:2rem 1.25rem 4rem;background:var(--back);color:var(--text);
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
        h1{margin:0;font-size:1.5rem;letter-spacing:-.01em}
        p{margin:0}
        .summary{color:var(--soft)}
        .filters{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:1rem 0;
        padding:.6rem 0;background:var(--back);border-bottom:1px solid var(--edge)}
        .switch,.rule{display:inline-flex;align-items:center;gap:.4rem;padding:.2rem .7rem;border:1px solid var(--edge);
        border-radius:1rem;background:var(--card);font-size:.875rem;cursor:pointer}
        .switch input{margin:0;accent-color:var(--tone)}
        .rule{margin-left:auto;color:var(--soft)}
        select{max-width:20rem;border:0;background:var(--card);color:var(--text);font:inherit}
        .error{--tone:var(--error)}.warning{--tone:var(--warning)}.info{--tone:var(--info)}.hint{--tone:var(--hint)}
        details{margin:1.25rem 0}
        summary{display:flex;gap:.75rem;align-items:baseline;padding:.25rem 0;cursor:pointer}
        summary::before{content:"▸";color:var(--soft)}
        details[open]>summary::before{content:"▾"}
        .name{font-weight:600;overflow-wrap:anywhere}
        .count{color:var(--soft);font-size:.875rem;white-space:nowrap}
        .finding{margin:.6rem 0;padding:.8rem 1rem;background:var(--card);border:1px solid var(--edge);
        border-left:3px solid var(--tone);border-radius:.4rem}
        .head{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center;font-size:.875rem}
        .badge{min-width:3.2rem;padding:0 .5rem;border:1px solid var(--tone);border-radius:1rem;color:var(--tone);
        font-size:.75rem;font-weight:600;text-align:center}
        .code{color:var(--link);font-weight:600;text-decoration:none;overflow-wrap:anywhere}
        a.code:hover{text-decoration:underline}
        span.code{color:var(--text)}
        .place{margin-left:auto;color:var(--soft);font-variant-numeric:tabular-nums}
        .message{margin-top:.35rem;overflow-wrap:anywhere}
        .path,pre,code{font:13px/1.55 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace}
        .path{color:var(--soft);overflow-wrap:anywhere}
        code{padding:.05rem .25rem;border-radius:.2rem;background:var(--code)}
        pre{margin:.6rem 0 0;padding:.5rem 0;overflow-x:auto;background:var(--code);border-radius:.3rem;tab-size:4}
        .line{display:block;padding:0 .75rem 0 0;min-width:max-content}
        .number{display:inline-block;width:3.5rem;margin-right:.9rem;padding-right:.6rem;color:var(--soft);
        border-right:1px solid var(--edge);text-align:right;user-select:none}
        .marked .number{color:var(--tone);border-right-color:var(--tone);font-weight:600}
        mark{padding:.05rem 0;border-radius:.15rem;background:var(--mark);color:inherit}
        .help{margin-top:.6rem;color:var(--soft);overflow-wrap:anywhere}
        .help::before{content:"To put it right: ";font-weight:600}
        .more{color:var(--soft)}
        @media print{.filters{display:none}.finding{break-inside:avoid}}

        """
}
