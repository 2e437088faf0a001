/// What pages look like: one set of colours, of type and of table rules, on screens, in the dark and on paper.
enum PageStyle {
    /// Colours and type that every page starts from.
    static let ground = """
        :root {
          --ground: #f6f5f1; --card: #ffffff; --ink: #1c1b19; --soft: #645f57; --line: #e2dfd7; --rule: #b9b4a8;
          --critical: #b3122b; --high: #b04600; --medium: #8a6108; --low: #2b6a8c; --good: #2a7046; --accent: #1d5a70;
          --tint: 8%;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #151412; --card: #1e1d1a; --ink: #ece8df; --soft: #a8a294; --line: #34322d; --rule: #5a564d;
            --critical: #ff7d8d; --high: #ff9a5c; --medium: #e7bd4f; --low: #7cc0e4; --good: #72cc95; --accent: #83c6dd;
            --tint: 14%;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink);
          font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
        code, .path, .place, .digest { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .92em; }
        a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: .2em; }
        a:focus-visible, summary:focus-visible, input:focus-visible + label, [tabindex]:focus-visible {
          outline: 2px solid var(--low); outline-offset: 2px; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        """

    /// A document with a masthead, a status strip, contents and numbered sections.
    static let document = """
        html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
        .skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--ink); color: var(--ground); z-index: 1; }
        .skip:focus { top: 1rem; }
        .masthead, .columns, body > footer { max-width: 78rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 3rem); }
        .wide .masthead, .wide .columns, .wide > footer { max-width: none; }
        .masthead { padding-top: clamp(1.5rem, 4vw, 3.25rem); }
        .kind { margin: 0; color: var(--soft); font-size: .9rem; }
        h1 { margin: .15rem 0 0; font-size: clamp(1.9rem, 5vw, 3rem); line-height: 1.08; letter-spacing: -.025em;
          font-weight: 680; overflow-wrap: anywhere; text-wrap: balance; }
        h1 .version { font-weight: 350; color: var(--soft); letter-spacing: -.01em; }
        .lede { margin: .75rem 0 0; max-width: 46rem; font-size: 1.12rem; text-wrap: pretty; }
        .lede p { margin: 0 0 .5rem; }
        .strip { display: flex; flex-wrap: wrap; gap: 1px; margin: 2rem 0 0;
          background: var(--line); border: 1px solid var(--line); border-radius: .5rem; overflow: hidden;
          print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        .strip > div { flex: 1 1 12.5rem; background: var(--card); padding: .8rem 1rem .75rem; }
        .strip .broad { flex-basis: 100%; }
        .strip dt { color: var(--soft); font-size: .82rem; }
        .strip dd { margin: .1rem 0 0; font-weight: 600; overflow-wrap: anywhere; }
        .strip dd small, .badge small { display: block; color: var(--soft); font-weight: 400; font-size: .84rem; line-height: 1.4; }
        .strip code { font-weight: 400; }
        .columns { padding-bottom: 3rem; }
        .contents { margin: 2rem 0 0; font-size: .92rem; }
        .contents ol { list-style: none; margin: 0; padding: 0; counter-reset: entry; display: flex; flex-wrap: wrap; gap: .15rem 1.4rem; }
        .contents li { counter-increment: entry; }
        .contents a { display: inline-block; padding: .22rem 0; color: var(--soft); text-decoration: none; }
        .contents a::before { content: counter(entry) "\\2002"; font-variant-numeric: tabular-nums; }
        .contents a:hover { color: var(--ink); text-decoration: underline; }
        @media (min-width: 70rem) {
          body:not(.wide) .columns:has(> .contents) { display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); gap: 3.5rem; }
          body:not(.wide) .contents { margin: 2.9rem 0 0; }
          body:not(.wide) .contents ol { position: sticky; top: 1.5rem; flex-direction: column; flex-wrap: nowrap; }
          .contents a { padding-left: 1.6rem; text-indent: -1.6rem; }
          .contents a::before { display: inline-block; width: 1.6rem; text-indent: 0; content: counter(entry); }
        }
        main { counter-reset: section; min-width: 0; }
        main > section { padding-top: 2.75rem; }
        h2 { counter-increment: section; margin: 0 0 1rem; padding-top: .7rem; border-top: 2px solid var(--ink);
          font-size: 1.5rem; line-height: 1.2; letter-spacing: -.015em; font-weight: 660; text-wrap: balance; }
        h2::before { content: counter(section) "\\2002"; color: var(--soft); font-weight: 350; }
        h3 { margin: 1.9rem 0 .5rem; font-size: 1.12rem; line-height: 1.3; font-weight: 650; }
        h4 { margin: 1.25rem 0 .35rem; font-size: .95rem; font-weight: 650; }
        main p, main li { max-width: 44rem; overflow-wrap: break-word; }
        main p { margin: 0 0 .75rem; }
        main ul, main ol { margin: 0 0 .75rem; padding-left: 1.25rem; }
        main li { margin: .2rem 0; }
        li::marker { color: var(--soft); }
        pre { overflow: auto; padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; line-height: 1.45; }
        blockquote { margin: 0 0 .75rem; padding-left: 1rem; border-left: 3px solid var(--rule); color: var(--soft); }
        a { text-decoration-color: var(--rule); }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1rem 2.5rem; }
        .pair h3 { margin-top: .5rem; }
        .facts { display: grid; grid-template-columns: minmax(8rem, 13rem) minmax(0, 1fr); gap: 0; margin: 0 0 1rem; }
        .facts > dt, .facts > dd { padding: .42rem 0; border-top: 1px solid var(--line); margin: 0; }
        .facts > dt { color: var(--soft); padding-right: 1.25rem; }
        .facts > dd { overflow-wrap: anywhere; }
        .facts dd > :last-child { margin-bottom: 0; }
        .soft { color: var(--soft); }
        .small { font-size: .88rem; }
        .note { padding: .7rem 1rem; border-left: 3px solid var(--tone, var(--rule)); margin: 0 0 1rem;
          background: color-mix(in srgb, var(--tone, var(--rule)) var(--tint), transparent); }
        .note > :last-child { margin-bottom: 0; }
        .note > :first-child { margin-top: 0; }
        .sum { font-size: 1.08rem; }
        body > footer { padding-top: 1.25rem; padding-bottom: 3rem; color: var(--soft); font-size: .86rem; overflow-wrap: anywhere; }
        body > footer::before { content: ""; display: block; border-top: 1px solid var(--rule); margin-bottom: 1rem; }
        .good { --tone: var(--good); } .poor { --tone: var(--critical); } .mixed { --tone: var(--medium); }
        .notice { --tone: var(--low); } .open { --tone: var(--high); } .none, .unknown { --tone: var(--soft); }
        .badge { display: inline-flex; gap: .45em; align-items: baseline; color: var(--tone); font-weight: 620; line-height: 1.35; }
        .badge.none { font-weight: 500; }
        .mark { flex: none; align-self: center; width: .68em; height: .68em; border: .13em solid var(--tone); border-radius: 50%;
          print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        .good > .mark { background: var(--tone); }
        .mixed > .mark { background: linear-gradient(90deg, var(--tone) 50%, transparent 50%); }
        .poor > .mark { background: var(--tone); border-radius: .08em; transform: rotate(45deg) scale(.92); }
        .none > .mark { border-radius: .1em; height: .13em; border-width: 0 0 .13em; }
        .unknown > .mark { border-style: dashed; }
        .unknown { font-weight: 500; }
        """
}
