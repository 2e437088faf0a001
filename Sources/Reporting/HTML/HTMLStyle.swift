/// The style sheet of the scan report, after what all pages share.
enum HTMLStyle {
    static let sheet = """
        main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
        .masthead { border-top: 4px solid var(--tone); padding-top: 1.25rem; margin-bottom: 2rem; }
        .masthead.failed { --tone: var(--critical); } .masthead.passed { --tone: var(--good); }
        .masthead.error { --tone: var(--high); } .masthead.incomplete { --tone: var(--medium); }
        .brand { margin: 0; color: var(--soft); font-size: .85rem; letter-spacing: .04em; }
        h1 { margin: .1rem 0 0; font-size: 2.75rem; line-height: 1.1; letter-spacing: -.02em; color: var(--tone); }
        .lede { margin: .4rem 0 1.5rem; font-size: 1.15rem; }
        .counts { display: flex; flex-wrap: wrap; gap: .6rem; margin: 0; }
        .counts div { min-width: 6rem; padding: .6rem .9rem .5rem; background: var(--card); border: 1px solid var(--line);
          border-radius: .5rem; }
        .counts dt { color: var(--soft); font-size: .82rem; }
        .counts dd { margin: 0; font-size: 1.5rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
        .counts .critical dd, .counts .high dd, .counts .medium dd, .counts .low dd { color: var(--tone); }
        .counts .zero dd { color: var(--soft); font-weight: 400; }
        .critical { --tone: var(--critical); } .high, .error { --tone: var(--high); } .medium { --tone: var(--medium); }
        .low { --tone: var(--low); } .clean, .none { --tone: var(--good); } .suppressed { --tone: var(--soft); }
        .plain, .zero { --tone: var(--line); }
        .badge.incomplete { --tone: var(--medium); }
        .notices { margin: 0 0 1.5rem; padding: .75rem 1rem .75rem 2rem; border: 1px solid var(--medium); border-radius: .5rem;
          background: color-mix(in srgb, var(--medium) var(--tint), var(--card)); }
        .filters { border: 0; margin: 0 0 1rem; padding: 0; display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
        .filters legend { float: left; margin-right: .4rem; color: var(--soft); padding: 0; }
        .filters input { position: absolute; opacity: 0; }
        .filters label { padding: .2rem .75rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--card); cursor: pointer; }
        .filters input:checked + label { background: var(--ink); color: var(--ground); border-color: var(--ink); }
        :root:has(#show-critical:checked) .file:not([data-severity=critical]),
        :root:has(#show-high:checked) .file:not([data-severity=high]),
        :root:has(#show-medium:checked) .file:not([data-severity=medium]),
        :root:has(#show-low:checked) .file:not([data-severity=low]) { display: none; }
        .file { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; margin-bottom: .75rem; }
        .file > summary { display: flex; flex-wrap: wrap; gap: .3rem .75rem; align-items: baseline; padding: .75rem 1rem; cursor: pointer; list-style: none; }
        .file > summary::-webkit-details-marker { display: none; }
        .file > summary::after { content: "show"; margin-left: auto; color: var(--soft); font-size: .82rem; }
        .file[open] > summary::after { content: "hide"; }
        .file[open] > summary { border-bottom: 1px solid var(--line); }
        .path { font-weight: 600; overflow-wrap: anywhere; }
        .facts, .times { color: var(--soft); font-weight: 400; font-size: .85rem; }
        .badge { display: inline-block; min-width: 5.2rem; text-align: center; padding: .05rem .55rem; border-radius: .3rem;
          background: var(--tone); color: var(--card); font-size: .8rem; font-weight: 650; }
        .body { padding: .25rem 1rem 1rem; }
        .body > ul { margin: .75rem 0 0; padding-left: 1.2rem; }
        .finding { margin-top: .9rem; padding: .1rem 0 .1rem .9rem; border-left: 3px solid var(--tone); }
        .finding.suppressed { opacity: .75; }
        .finding h3, .advice h3 { margin: 0; font-size: 1rem; font-weight: 650; display: flex; flex-wrap: wrap; gap: 0 .6rem; align-items: baseline; }
        .severity { color: var(--tone); }
        .rule { margin-left: auto; font: .8rem ui-monospace, Menlo, Consolas, monospace; color: var(--soft); }
        .finding p { margin: .15rem 0 0; overflow-wrap: anywhere; }
        .place, .digest, .note { color: var(--soft); }
        .details { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .5rem 0 0;
          padding: .5rem .75rem; border-radius: .4rem; background: color-mix(in srgb, var(--tone) var(--tint), var(--card)); }
        .details dt { color: var(--soft); }
        .details dd { margin: 0; overflow-wrap: anywhere; }
        .body .incomplete { margin: .9rem 0 0; padding: .5rem .9rem; border-radius: .4rem;
          background: color-mix(in srgb, var(--medium) var(--tint), var(--card)); }
        .incomplete ul { margin: .25rem 0 0; padding-left: 1.2rem; }
        .digest { margin: .9rem 0 0; overflow-wrap: anywhere; font-size: .8rem; }
        .advice { margin-top: 2.5rem; }
        .advice h2 { font-size: 1.35rem; letter-spacing: -.01em; margin: 0 0 .5rem; }
        .advice article { padding: .9rem 0; border-top: 1px solid var(--line); max-width: 46rem; }
        .advice article:target { background: color-mix(in srgb, var(--medium) var(--tint), transparent); }
        .advice h3 code { color: var(--soft); font-weight: 400; }
        .advice p { margin: .35rem 0 0; }
        .references { color: var(--soft); font-size: .88rem; }
        .references a { margin-right: .5rem; }
        footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; }
        @media (max-width: 34rem) {
          main { padding: 1.25rem .9rem 3rem; }
          h1 { font-size: 2.1rem; }
          .rule { margin-left: 0; }
          .details { grid-template-columns: 1fr; }
          .details dd + dt { margin-top: .35rem; }
        }
        @media print {
          :root { --ground: #fff; --card: #fff; --ink: #000; --soft: #555; --line: #ccc;
            --critical: #b3122b; --high: #b04600; --medium: #7d5700; --low: #1f5f80; --good: #226b41; }
          body { font-size: 10.5pt; }
          main { max-width: none; padding: 0; }
          .filters, .file > summary::after { display: none; }
          .finding, .advice article { break-inside: avoid; }
          .file > summary, .advice h2 { break-after: avoid; }
          .badge { border: 1px solid var(--tone); color: var(--tone); background: none; }
          details::details-content { content-visibility: visible; }
        }
        """
}
