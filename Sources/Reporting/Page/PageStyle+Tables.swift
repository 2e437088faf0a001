extension PageStyle {
    /// Tables, matrices and paper; part of every document.
    static let tables = """
        .table { overflow-x: auto; margin: 0 0 1.25rem; }
        .table:focus-visible { outline-offset: 0; }
        table { border-collapse: collapse; width: 100%; font-size: .93rem; line-height: 1.45; font-variant-numeric: tabular-nums; }
        caption { text-align: left; padding: 0 0 .4rem; font-weight: 650; }
        th, td { text-align: left; vertical-align: top; padding: .5rem .9rem .5rem 0; border-bottom: 1px solid var(--line); }
        th:last-child, td:last-child { padding-right: 0; }
        thead th { color: var(--soft); font-size: .84rem; font-weight: 500; vertical-align: bottom; border-bottom-color: var(--rule); }
        tbody th { font-weight: 600; overflow-wrap: anywhere; min-width: 8rem; }
        tbody th small, td small { display: block; font-weight: 400; color: var(--soft); font-size: .86rem; }
        td > p, th > p { margin: 0 0 .3rem; }
        td > ul { margin: 0; padding-left: 1.05rem; }
        .figure { text-align: right; white-space: nowrap; }
        td.brief { white-space: nowrap; }
        td.chart, th.chart { min-width: 13rem; width: 32%; }
        td.text { min-width: 7rem; overflow-wrap: break-word; }
        td code { overflow-wrap: anywhere; }
        .matrix table { width: auto; font-size: .88rem; }
        .matrix thead th { height: 9rem; min-width: 2.4rem; max-width: 2.4rem; padding: 0; white-space: nowrap; position: relative; }
        .matrix thead th > span { position: absolute; bottom: .3rem; left: 50%; transform-origin: 0 100%; transform: rotate(-48deg); }
        .matrix thead th:first-child { min-width: 16rem; max-width: none; position: sticky; left: 0; background: var(--ground); z-index: 1; }
        .matrix thead th:first-child > span { position: static; transform: none; }
        .matrix tbody th { position: sticky; left: 0; background: var(--ground); padding-right: 1.25rem; max-width: 26rem; }
        .matrix td { text-align: center; padding: .35rem; min-width: 2.4rem; border-left: 1px solid var(--line); }
        .matrix tbody tr:hover > * { background: color-mix(in srgb, var(--accent) var(--tint), var(--ground)); }
        .narrow table { width: auto; min-width: 20rem; }
        .even thead th:first-child { width: 27%; }
        .group th { padding-top: 1.1rem; color: var(--soft); font-weight: 500; }
        @media (max-width: 44rem) {
          .facts { grid-template-columns: minmax(0, 1fr); }
          .facts > dt { padding-bottom: 0; } .facts > dd { border-top: 0; padding-top: 0; }
          .strip > div { flex-basis: 9.5rem; }
          .stacked table, .stacked tbody, .stacked tr, .stacked th, .stacked td { display: block; width: auto; }
          .stacked caption:not(.unseen) { display: block; width: auto; }
          .stacked thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .stacked tr { padding: .6rem 0 .7rem; border-bottom: 1px solid var(--line); }
          .stacked tbody tr:first-child { border-top: 1px solid var(--rule); }
          .stacked tbody th, .stacked td { border: 0; padding: .12rem 0; min-width: 0; width: auto; text-align: left; }
          .stacked td[data-title] { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: 0 .75rem; white-space: normal; }
          .stacked td::before { content: attr(data-title); color: var(--soft); font-size: .86rem; grid-row: 1 / 99; }
          .stacked td > * { grid-column: 2; justify-self: start; overflow-wrap: anywhere; }
          .stacked td:empty { display: none; }
          .stacked td > svg, .stacked td > ul, .stacked td > dl, .stacked td > div { justify-self: stretch; }
        }
        @page { size: A4; margin: 17mm 15mm 19mm;
          @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #555; } }
        @media print {
          :root { color-scheme: light; --ground: #fff; --card: #fff; --ink: #000; --soft: #4c4c4c; --line: #d5d5d5; --rule: #9a9a9a;
            --critical: #a30f26; --high: #9a3d00; --medium: #6f4d00; --low: #1f5f80; --good: #1f6440; --accent: #17485a; --tint: 6%; }
          html { font-size: 9.7pt; }
          body { font-size: 1rem; line-height: 1.42; }
          .masthead, .columns, body > footer { max-width: none; padding-left: 0; padding-right: 0; }
          .masthead { padding-top: 0; }
          .contents, .skip { display: none; }
          .columns, body:not(.wide) .columns:has(> .contents) { display: block; padding-bottom: 0; }
          main > section { padding-top: 1.5rem; }
          h1 { font-size: 24pt; } h2 { font-size: 14pt; } h3 { font-size: 11.5pt; }
          h2, h3, h4, caption, thead { break-after: avoid; }
          tr, .strip > div, .note, figure, li { break-inside: avoid; }
          .table { overflow: visible; }
          td.chart, th.chart { min-width: 0; }
          td.text { min-width: 0; }
          tbody th { min-width: 6.5rem; }
          tbody tr:first-child { break-before: avoid; }
          p, li { orphans: 3; widows: 3; }
          a { text-decoration: none; }
        }
        """
}
