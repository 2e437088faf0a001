import ByteParsing
import ModelFormats

/// Python source beside a model or inside of an archive: what a loader runs when it is told to trust the repository.
struct PythonAnalyser: Analyser {
    let format: FormatID = "python"

    /// Bytes that recognition looks at.
    private static let sample = 16 << 10

    func recognise(_ item: ScanItem) -> Recognition {
        let isNamed = ["py", "pyw", "pyi", "pth"].contains(item.fileExtension)
        let sample = item.region.prefix(Self.sample)
        // A zero byte ends what some interpreters read of a line, so it is no reason to pass over a named source.
        guard !sample.isEmpty, isNamed || sample.bytes.firstOffset(of: 0) == nil else { return .no }
        guard isNamed || Self.hasKeyword(sample) else { return .no }
        guard let tokens = try? PythonTokenizer.tokens(of: sample, budget: Budget()) else { return .no }
        let shape = PythonShape(tokens, isCut: sample.count < item.region.count)
        if shape.isSource { return isNamed ? .certain : .likely }
        // A name alone makes the text worth reading, not worth trusting to be Python.
        return isNamed && item.fileExtension != "pth" ? .possible : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        if TorchScriptJudge.isTorchScript(item) {
            try TorchScriptJudge.judge(item, in: scan)
            return
        }
        let sample = item.region.prefix(Self.sample)
        let tokens = try PythonTokenizer.tokens(of: sample, budget: scan.budget)
        if !PythonShape(tokens, isCut: sample.count < item.region.count).isPlausible {
            scan.report(
                "SCAN-MALFORMED", "python: the text does not read as Python, which its name says it is",
                at: item.location)
        }
        PythonSourceJudge.judge(item.region, named: item.name, at: item.location, in: scan)
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let tokens = try PythonTokenizer.tokens(of: item.region.prefix(4 << 20), budget: budget)
        var children: [Outline] = []
        for index in tokens.indices.dropLast() where tokens[index].kind == .name && children.count < 1000 {
            let isStart = index == 0 || tokens[index - 1].kind == .newline
            guard isStart, ["def", "class", "import", "from"].contains(tokens[index].text) else { continue }
            let words = tokens[index...].prefix { $0.kind != .newline && !$0.isSymbol("(") && !$0.isSymbol(":") }
            children.append(Outline(words.map(\.text).joined(separator: " "), "line \(tokens[index].line)"))
        }
        return Outline("Python source", "\(item.region.count) bytes", children: children)
    }

    private static func hasKeyword(_ sample: ByteRegion) -> Bool {
        ["import ", "def ", "class ", "exec(", "eval(", "__import__"].contains {
            sample.firstOffset(of: Array($0.utf8)) != nil
        }
    }
}

/// Whether tokens look like a Python module rather than prose, configuration or another language.
struct PythonShape {
    /// Whether it is Python for sure.
    private(set) var isSource = false
    /// Whether nothing in it is against it being Python.
    private(set) var isPlausible = true

    private static let keywords: Set<String> = [
        "import", "from", "def", "class", "if", "elif", "else", "for", "while", "with", "try", "except", "finally",
        "return", "yield", "raise", "assert", "del", "global", "nonlocal", "pass", "break", "continue", "async",
        "await",
        "lambda", "and", "or", "not", "in", "is", "as", "print", "exec", "match", "case", "None", "True", "False",
        "type",
    ]

    /// - Parameter isCut: whether the text goes on behind the tokens: the last line then proves nothing.
    init(_ tokens: [PythonToken], isCut: Bool) {
        var lines = tokens.split(whereSeparator: { $0.kind == .newline })
        if isCut { lines = lines.dropLast() }
        var structure = 0
        for line in lines.prefix(400) {
            guard let first = line.first else { continue }
            guard Self.isPlausible(line) else {
                isPlausible = false
                return
            }
            if Self.isStructure(line, first) { structure += 1 }
        }
        isSource = structure > 0
    }

    /// Two operands side by side are no Python; they are what prose is made of.
    private static func isPlausible(_ line: ArraySlice<PythonToken>) -> Bool {
        var previous: PythonToken?
        for token in line {
            if let previous, previous.kind == .name, !keywords.contains(previous.text),
                token.kind == .number || token.kind == .name && !keywords.contains(token.text)
            {
                return false
            }
            if token.kind == .symbol, ["`", "$", "?"].contains(token.text) || token.text.utf8.first ?? 0 < 0x20 {
                return false
            }
            previous = token
        }
        return true
    }

    /// A line that only Python has.
    private static func isStructure(_ line: ArraySlice<PythonToken>, _ first: PythonToken) -> Bool {
        guard first.kind == .name, let last = line.last else { return false }
        let second = line.dropFirst().first
        switch first.text {
        case "import": return second?.kind == .name && !last.isSymbol(";")
        case "from": return line.contains { $0.isName("import") }
        case "def":
            return second?.kind == .name && line.dropFirst(2).first?.isSymbol("(") ?? false
                && line.contains { $0.isSymbol(":") }
        case "class": return second?.kind == .name && line.contains { $0.isSymbol(":") } && !last.isSymbol("{")
        case "exec", "eval", "__import__": return second?.isSymbol("(") ?? false
        default: return false
        }
    }
}
