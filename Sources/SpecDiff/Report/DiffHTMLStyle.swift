import DocumentTree

/// The style sheet of ``DiffHTMLReport``.
enum DiffHTMLStyle {
    static let sheet: StyleSheet = """
        :root {
          color-scheme: light dark;
          --paper: #f6f7f9; --card: #ffffff; --ink: #1b2028; --faint: #5c6675; --rule: #dde2e9; --code: #f1f3f6;
          --error: #b3261e; --error-soft: #fdecea; --warning: #8a5a00; --warning-soft: #fdf3dc;
          --info: #1f6f43; --info-soft: #e5f4eb; --old: #fbe4e2; --new: #dff3e5; --old-mark: #f3b7b2; --new-mark: #a6ddb8;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #12151a; --card: #1a1e25; --ink: #e4e8ee; --faint: #97a1b0; --rule: #2d343f; --code: #222832;
            --error: #ff8a80; --error-soft: #3b1d1c; --warning: #f0c060; --warning-soft: #362a12;
            --info: #7fd6a0; --info-soft: #16301f; --old: #351d1e; --new: #162c1e; --old-mark: #7a2f2d; --new-mark: #22603a;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--paper); color: var(--ink);
          font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
        }
        main { max-width: 1180px; margin: 0 auto; padding: 32px 20px 80px; }
        code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        code { font-size: .9em; background: var(--code); border-radius: 4px; padding: .1em .35em; overflow-wrap: anywhere; }
        header { margin-bottom: 28px; }
        header .title { margin: 0; color: var(--faint); font-weight: 600; }
        h1 { margin: 2px 0 6px; font-size: 27px; line-height: 1.25; overflow-wrap: anywhere; }
        .files { margin: 0 0 18px; color: var(--faint); }
        .tallies { display: flex; flex-wrap: wrap; gap: 10px; margin: 0; padding: 0; list-style: none; }
        .tally { padding: 7px 14px; border: 1px solid var(--rule); border-radius: 9px; background: var(--card); }
        .tally b { font-size: 17px; }
        .tally.error { color: var(--error); background: var(--error-soft); border-color: transparent; }
        .tally.warning { color: var(--warning); background: var(--warning-soft); border-color: transparent; }
        .tally.info { color: var(--info); background: var(--info-soft); border-color: transparent; }
        .tally.zero { color: var(--faint); background: none; border-color: var(--rule); }
        .contents { margin: 0 0 8px; color: var(--faint); }
        .contents ol { columns: 2 320px; margin: 10px 0 0; padding-left: 26px; }
        .contents li { break-inside: avoid; }
        .contents a { color: var(--ink); overflow-wrap: anywhere; }
        .contents a.error { color: var(--error); }
        .contents a.warning { color: var(--warning); }
        summary { cursor: pointer; }
        section { margin-top: 34px; }
        h2 { margin: 0 0 12px; font-size: 18px; overflow-wrap: anywhere; }
        h2 .id { color: var(--faint); font-weight: 400; font-size: 15px; }
        article {
          margin: 0 0 14px; padding: 14px 18px 16px; background: var(--card);
          border: 1px solid var(--rule); border-left: 4px solid var(--info); border-radius: 9px;
        }
        article.error { border-left-color: var(--error); }
        article.warning { border-left-color: var(--warning); }
        h3 { margin: 0; font-size: 15.5px; font-weight: 550; overflow-wrap: anywhere; }
        .badge {
          display: inline-block; min-width: 62px; margin-right: 6px; padding: 1px 8px; border-radius: 20px;
          font-size: 12px; font-weight: 650; text-align: center; color: var(--info); background: var(--info-soft);
        }
        .badge.error { color: var(--error); background: var(--error-soft); }
        .badge.warning { color: var(--warning); background: var(--warning-soft); }
        .comment { margin: 6px 0 0; color: var(--faint); }
        .operations { margin: 6px 0 0; }
        .operations ul { columns: 2 340px; margin: 8px 0 4px; padding-left: 22px; }
        .operations li.error::marker { color: var(--error); }
        .operations li.warning::marker { color: var(--warning); }
        .meta { margin: 6px 0 0; font-size: 12.5px; color: var(--faint); }
        .cut, .more { margin: 6px 0 0; font-size: 13px; color: var(--faint); }
        .sides { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; margin-top: 12px; }
        .side { min-width: 0; border: 1px solid var(--rule); border-radius: 7px; overflow: hidden; }
        .side .place {
          margin: 0; padding: 5px 12px; font-size: 12.5px; color: var(--faint);
          border-bottom: 1px solid var(--rule); overflow-wrap: anywhere;
        }
        .side .more { padding: 0 12px 8px; }
        .side.absent { display: grid; place-items: center; border-style: dashed; color: var(--faint); font-size: 13.5px; }
        pre { margin: 0; padding: 8px 0; font-size: 12.5px; line-height: 1.6; overflow-x: auto; tab-size: 4; }
        pre .line { display: block; padding-right: 12px; min-width: max-content; unicode-bidi: isolate; }
        .number {
          display: inline-block; width: 56px; padding-right: 14px; margin-right: 6px; text-align: right;
          color: var(--faint); user-select: none;
        }
        .base .changed { background: var(--old); }
        .revision .changed { background: var(--new); }
        mark { color: inherit; border-radius: 3px; }
        .base mark { background: var(--old-mark); }
        .revision mark { background: var(--new-mark); }
        .none { padding: 26px; text-align: center; background: var(--card); border: 1px solid var(--rule); border-radius: 9px; }
        @media (max-width: 760px) { .sides { grid-template-columns: 1fr; } .side.absent { padding: 8px; } }
        @media print { body { background: none; } article { break-inside: avoid; } }
        """
}
