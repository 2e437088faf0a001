/// What the prose of a model card says about use and limits, by its headings.
///
/// The text below a heading counts until the next heading of the same or a higher level. Headings are recognised by
/// words that the common templates use; other prose is left out.
package struct CardSections: Sendable, Hashable {
    /// What the model is for: "Intended use", "Direct use", "Downstream use".
    package private(set) var uses: [String] = []
    /// What it is not for: "Out-of-scope use", "Misuse".
    package private(set) var misuses: [String] = []
    /// "Limitations".
    package private(set) var limitations: [String] = []
    /// "Bias", "Risks", "Ethical considerations" and the like.
    package private(set) var ethics: [String] = []
    /// "Training data", "Training procedure".
    package private(set) var training: [String] = []

    /// Characters of a section that are kept.
    static let limit = 2_000

    package var isEmpty: Bool { uses.isEmpty && misuses.isEmpty && limitations.isEmpty && ethics.isEmpty }

    init() {}

    init(_ card: String) {
        var open: [(level: Int, kind: WritableKeyPath<CardSections, [String]>, text: String)] = []
        var isCode = false
        for line in card.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = line.hasSuffix("\r") ? line.dropLast() : line
            if line.hasPrefix("```") { isCode.toggle() }
            let level = isCode ? 0 : line.prefix { $0 == "#" }.count
            guard (1...6).contains(level), line.dropFirst(level).first == " " else {
                // Comments of the templates say what should be written, not what was.
                if !isCode, !line.hasPrefix("<!--"), !line.hasPrefix("```"), !open.isEmpty,
                    open[open.count - 1].text.utf8.count < Self.limit
                {
                    open[open.count - 1].text += line + "\n"
                }
                continue
            }
            while let last = open.last, last.level >= level { close(open.removeLast()) }
            if let kind = Self.kind(line.dropFirst(level).lowercased()) { open.append((level, kind, "")) }
        }
        while let last = open.popLast() { close(last) }
        for path in [\CardSections.uses, \.misuses, \.limitations, \.ethics, \.training] {
            self[keyPath: path].reverse()
        }
    }

    private mutating func close(_ section: (level: Int, kind: WritableKeyPath<CardSections, [String]>, text: String)) {
        let words = section.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        // What the templates put where nothing was written.
        guard !words.isEmpty, words != "[More Information Needed]", self[keyPath: section.kind].count < 20 else {
            return
        }
        self[keyPath: section.kind].append(String(words.prefix(Self.limit)))
    }

    private static func kind(_ heading: String) -> WritableKeyPath<CardSections, [String]>? {
        func has(_ words: String...) -> Bool { words.contains { heading.contains($0) } }
        if has("out-of-scope", "out of scope", "misuse") { return \.misuses }
        if has("limitation") { return \.limitations }
        if has("ethic", "bias", "risk", "fairness", "safety") { return \.ethics }
        if has("intended use", "direct use", "downstream use", "uses", "use case") { return \.uses }
        if has("training data", "training procedure", "training details") { return \.training }
        return nil
    }
}
