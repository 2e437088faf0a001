import AssayCore
import Cards
import Documents
import Fixtures
import Reporting
import Testing

@Suite struct CardPageTests {
    private func security() throws -> String {
        CardFixture.render(.security(try CardFixture.read(CardFixture.security)), .html)
    }

    @Test func whatWasNotTestedStandsBesideWhatWas() throws {
        let page = try security()
        for words in [
            "Of 1 recorded test, 1 failed.",
            "robust accuracy: 0.31 (0.28 to 0.34), n\u{A0}=\u{A0}1,000, wanted ≥\u{A0}0.5",
            "Tested <span>1</span>", "Not tested <span>7</span>", "Planned for spring.", "One attack only",
            "Factor: rain",
            "No rain fell.", "the attack was not tested", "not known whether it applies",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        // Reports that the card does not have are there, as unknown.
        #expect(page.contains("The card has no such report"))
        #expect(page.contains("id=\"supply-chain\"") && !page.contains("id=\"misuse\""))
    }

    @Test func unknownStaysUnknown() throws {
        let page = try security()
        #expect(page.contains("<dt>Bill of materials</dt><dd><span class=\"badge unknown\">"))
        #expect(page.contains("not checked</span><small><code>toy.sig</code>"))
        #expect(page.contains("no threat model</span>"))
        #expect(page.components("not stated</span>") > 10)
    }

    @Test func datesAndDigestsAreHeldAgainstEachOther() throws {
        let page = try security()
        #expect(page.contains("2026-12-01</span> <small>within 31 days"))
        #expect(page.contains("2026-11-01</span> <small>overdue"))
        #expect(page.contains("another</span>"), "evidence about another digest")
        var context = CardFixture.context
        context.evidence = ["ev-one": .verified(signers: ["key 1"])]
        context.signature = .failed(reason: "the bytes are others")
        let card = CardReport.Card.security(try CardFixture.read(CardFixture.security))
        let other = CardFixture.render(card, .html, context)
        #expect(other.contains("verified</span><small>by key 1"))
        #expect(other.contains("does not hold</span><small>the bytes are others"))
    }

    @Test func aClaimIsNoProof() throws {
        let fingerprint = String(repeating: "ab", count: 32)
        var context = CardFixture.context
        context.signature = .claimed("verified by key \(fingerprint), says x.json, which nobody signed")
        context.bom = .verified(signers: [fingerprint])
        let card = CardReport.Card.security(try CardFixture.read(CardFixture.security))
        let page = CardFixture.render(card, .html, context)
        #expect(page.contains("claimed, not proved</span><small>verified by key"))
        #expect(page.contains("<small>by <abbr title=\"\(fingerprint)\">abababababab…</abbr></small>"))
    }

    @Test func acceptedRisksNameWhoAndUntilWhen() throws {
        let page = try security()
        let section = try #require(page.split(separator: "id=\"risks\"").last)
        #expect(section.contains("Head of things") && section.contains("2027-01-01"))
    }

    @Test func sectionsOfOrganisationsAreThere() throws {
        for page in [
            try security(), CardFixture.render(.security(try CardFixture.read(CardFixture.security)), .markdown),
        ] {
            #expect(page.contains("Approvals") && page.contains("agreed"))
            #expect(page.contains("Register") && !page.contains("X register"))
        }
    }

    @Test func pagesLoadNothing() throws {
        let pages = [
            try security(), CardFixture.render(.data(try CardFixture.read(CardFixture.data)), .html),
            CardFixture.render(.hub(try ModelCard(Array(CardFixture.hub.utf8))), .html),
        ]
        for page in pages {
            #expect(page.contains("default-src 'none'; style-src 'unsafe-inline'"))
            for word in ["<script", "<img", "<link", "<iframe", "url(", "@import", "srcset", "<object", "<form"] {
                #expect(!page.contains(word), "\(word)")
            }
            // Headings go down one level at a time.
            let levels = page.split(separator: "<h").compactMap { $0.first?.wholeNumberValue }.filter {
                (1...6).contains($0)
            }
            #expect(levels.first == 1)
            #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 }, "\(levels)")
        }
    }

    @Test func dataCardsShowWhatWasCounted() throws {
        let page = CardFixture.render(.data(try CardFixture.read(CardFixture.data)), .html)
        for words in [
            "3 (3\u{A0}%)", "60\u{A0}%", "Something was not counted", "2026-01-01</span> <small>passed", ">Own<",
        ] {
            #expect(page.contains(words), "\(words)")
        }
    }

    @Test func hubCardsTellHowTheyAreRead() throws {
        let card = try ModelCard(Array(CardFixture.hub.utf8))
        let page = CardFixture.render(.hub(card), .html)
        #expect(page.contains("no is read as false by YAML 1.1"))
        #expect(page.contains("<h3>Toy</h3>") && page.contains("<code>code</code>"))
        #expect(CardFixture.render(.hub(card), .markdown) == CardFixture.hub)
    }

    @Test(arguments: [CardReport.Format.json, .yaml])
    func dataFormatsReadBack(format: CardReport.Format) throws {
        let card = try CardFixture.read(CardFixture.security)
        #expect(try CardFixture.read(CardFixture.render(.security(card), format)) == card)
    }

    @Test func markdownIsReadByTheHub() throws {
        let text = CardFixture.render(.security(try CardFixture.read(CardFixture.security)), .markdown)
        let card = try ModelCard(Array(text.utf8))
        #expect(card.metadata["tags"]?.strings == ["security-model-card"])
        #expect(card.notes.isEmpty && card.body.contains("# toy-classifier 1.0"))
    }
}

@Suite struct HostileCardTests {
    private func cards() throws -> [(String, CardReport.Card)] {
        let hub =
            CardFixture.hub + "\n" + CardFixture.hostile + "\n\n| a |\n|---|\n| " + CardFixture.hostile + " |\n\n- "
            + CardFixture.hostile
        return [
            ("security", .security(CardFixture.poisoned(try CardFixture.read(CardFixture.security)))),
            ("data", .data(CardFixture.poisoned(try CardFixture.read(CardFixture.data)))),
            ("hub", .hub(try ModelCard(Array(hub.utf8)))),
            ("empty", .security(.emptyObject)), ("text", .security(.string(CardFixture.hostile))),
            ("null", .data(.null)),
        ]
    }

    /// Every element and attribute of a page is one that its program wrote.
    @Test func nothingBecomesMarkup() throws {
        for (name, card) in try cards() {
            let page = CardFixture.render(card, .html)
            #expect(
                !page.contains("<script") && !page.contains("<img") && !page.contains("onerror=alert(2)>"), "\(name)")
            #expect(!page.contains("href=\"javascript") && !page.contains("\u{202E}"), "\(name)")
            for tag in page.split(separator: "<").dropFirst() {
                guard let end = tag.firstIndex(of: ">") else { continue }
                let element = tag[..<end]
                let kind = element.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
                #expect(Self.elements.contains(String(kind)), "\(name): <\(element)>")
                // Quotes in attributes are pairs.
                #expect(element.count { $0 == "\"" }.isMultiple(of: 2), "\(name): <\(element)>")
                // Outside of the quotes stand names of attributes alone.
                let names = element.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                    .filter { $0.offset.isMultiple(of: 2) }.map { String($0.element) }.joined()
                #expect(!names.contains(" on") && !names.contains("script"), "\(name): <\(element)>")
                // Nothing is escaped twice.
                #expect(!element.contains("&amp;lt;") && !element.contains("&amp;amp;"), "\(name): <\(element)>")
            }
        }
    }

    private static let elements: Set<String> = [
        "html", "head", "meta", "title", "style", "body", "a", "header", "p", "h1", "h2", "h3", "h4", "h5", "h6",
        "span", "div",
        "dl", "dt", "dd", "small", "code", "nav", "ol", "ul", "li", "main", "section", "table", "caption", "thead",
        "tbody",
        "tr", "th", "td", "svg", "rect", "path", "circle", "text", "article", "strong", "em", "pre", "blockquote", "hr",
        "br",
        "footer", "doctype", "wbr",
    ]

    @Test func markdownKeepsTextText() throws {
        for (name, card) in try cards() where name != "hub" {
            // In code and in the metadata nothing is markup.
            let whole = CardFixture.render(card, .markdown)
            let body = try ModelCard(Array(whole.utf8)).body
            let text = body.split(separator: "\n").map(Self.outsideCode).joined(separator: "\n")
            for word in ["<script", "<img", "](javascript", "![", " @team"] {
                #expect(!text.contains(word), "\(name): \(word)")
            }
        }
    }

    /// A line without its code spans, whose fences are as long at the end as at the beginning.
    private static func outsideCode(_ line: Substring) -> String {
        var result = ""
        var left = line
        while let start = left.firstIndex(of: "`") {
            if start > left.startIndex, left[left.index(before: start)] == "\\" {
                result += left[...start]
                left = left[left.index(after: start)...]
                continue
            }
            let fence = left[start...].prefix { $0 == "`" }
            let rest = left[start...].dropFirst(fence.count)
            guard let end = rest.firstRange(of: fence) else { break }
            result += left[..<start]
            left = rest[end.upperBound...]
        }
        return result + left
    }

    @Test func proseIsBounded() throws {
        let texts = [
            String(repeating: "[", count: 100_000), String(repeating: "*a", count: 60_000),
            String(repeating: "`a``", count: 50_000),
            String(repeating: "- a\n", count: 30_000), String(repeating: "|-", count: 60_000) + "\n|-|",
            String(repeating: "<", count: 100_000),
            String(repeating: "![a](", count: 30_000), String(repeating: "> ", count: 60_000),
            String(repeating: "_a", count: 60_000),
        ]
        for text in texts {
            let card = try ModelCard(Array(text.utf8))
            var page = ""
            let seconds = ProcessorTime.seconds { page = CardFixture.render(.hub(card), .html) }
            #expect(!page.isEmpty)
            #expect(seconds < 20, "\(text.prefix(8))")
        }
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func components(_ text: String) -> Int {
        split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
