internal import AssayCore
internal import ByteParsing
internal import SecretDetection

/// Programs where a value should be.
extension MetadataJudge {
    /// What a program does that counts where there should be none.
    private static let programRules: Set = ["PYTHON-CODE-EXECUTION", "PYTHON-NATIVE-CODE", "PYTHON-HIDDEN-CODE"]
    private static let longestProgram = 16 << 10

    /// Reports text that reads as Python from its beginning and runs something, however that is spelled.
    static func program(in value: ByteRegion, named name: String, at location: Location, in scan: Scan) {
        guard value.count <= longestProgram, value.firstOffset(of: Array("```".utf8)) == nil else { return }
        let item = ScanItem(region: value, path: "", location: location)
        guard !startsAsProse(value), PythonAnalyser().recognise(item) != .no,
            (try? scan.budget.spend(operations: value.count, reading: "programs in metadata")) != nil
        else { return }
        let inner = Scan(settings: scan.settings)
        PythonSourceJudge.judge(value, named: "", at: location, in: inner)
        let worst = inner.findings.filter { programRules.contains($0.rule) }.max { $0.severity < $1.severity }
        guard let worst, worst.severity >= .high else { return }
        scan.report(
            "METADATA-CODE", "`\(Printable.line(name, limit: 60))` holds a program: \(worst.message)", at: location,
            severity: .medium, details: worst.details)
    }

    /// Words that another word may follow in Python's grammar, and those that may follow any.
    private static let leading: Set<String> = [
        "import", "from", "def", "class", "if", "elif", "for", "while", "with", "return", "lambda", "async", "await",
        "del",
        "global", "nonlocal", "raise", "assert", "not", "yield", "match", "case", "type", "print", "exec",
    ]
    private static let infix: Set<String> = [
        "in", "is", "and", "or", "if", "not", "else", "for", "as", "import", "async",
    ]

    /// Whether the first two words stand side by side as no statement of Python has them: `trained with eval()`.
    static func startsAsProse(_ text: ByteRegion) -> Bool {
        let words = text.prefix(256).array().split(maxSplits: 2) { $0 == 0x20 || $0 == 0x09 }
        guard words.count > 1, words[0].allSatisfy(isPart) else { return false }
        let second = words[1].prefix(while: isPart)
        guard let first = second.first, !(0x30...0x39).contains(first) else { return false }
        return !leading.contains(String(decoding: words[0], as: UTF8.self))
            && !infix.contains(String(decoding: second, as: UTF8.self))
    }

    private static func isPart(_ byte: UInt8) -> Bool { SecretScanner.isWord(byte) || byte == UInt8(ascii: "_") }
}
