package import ByteParsing

/// One simple command of a script: what is started, with what.
package struct ShellCommand {
    /// The words without their quotes; what a substitution would put there is left out.
    package var words: [String] = []
    /// Places of words that a substitution is a part of: they are not all of what the program gets.
    package var incomplete: Set<Int> = []
    /// Texts between `$(` and `)`, between backquotes, and of `<( … )`: scripts of their own, whose output is used.
    package var substitutions: [String] = []
    /// Files that the output goes to.
    package var targets: [String] = []
    /// Whether it reads what the command before it writes.
    package var isPiped = false
    package var offset = 0
    package var line = 0
}

/// Splits scripts into simple commands, as far as words, quotes and operators tell (POSIX Shell Command Language,
/// chapter 2; `cmd.exe` by its escape character and its comments).
///
/// Lenient, because shells differ: keywords are words, here-documents are read as commands, and an open quote ends with
/// the text. Nothing is expanded.
package struct ShellReader {
    package enum Dialect { case posix, batch }

    private let bytes: [UInt8]
    private let dialect: Dialect
    private var at = 0
    private var line = 1
    private var commands: [ShellCommand] = []
    private var command = ShellCommand()
    private var word: [UInt8] = []
    private var hasWord = false
    private var isTarget = false

    package static let commandLimit = 100_000

    /// - Throws: `limit` when the budget is used up or there are more than ``commandLimit`` commands.
    package static func commands(
        of text: [UInt8], dialect: Dialect = .posix, budget: Budget
    ) throws(ParseError) -> [ShellCommand] {
        try budget.spend(operations: text.count, reading: "script")
        var reader = ShellReader(bytes: text, dialect: dialect)
        while reader.at < text.count {
            reader.step()
            guard reader.commands.count < commandLimit else { throw .limit(at: reader.at, reading: "script commands") }
        }
        reader.endCommand(pipes: false)
        return reader.commands
    }

    private init(bytes: [UInt8], dialect: Dialect) {
        self.bytes = bytes
        self.dialect = dialect
    }

    private func byte(_ offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func put(_ byte: UInt8) {
        if !hasWord, command.words.isEmpty {
            command.offset = at
            command.line = line
        }
        hasWord = true
        word.append(byte)
    }

    private mutating func endWord() {
        guard hasWord else { return }
        let text = String(decoding: word, as: UTF8.self)
        if isTarget { command.targets.append(text) } else { command.words.append(text) }
        isTarget = false
        word.removeAll(keepingCapacity: true)
        hasWord = false
    }

    private mutating func endCommand(pipes: Bool) {
        endWord()
        if !command.words.isEmpty || !command.substitutions.isEmpty { commands.append(command) }
        let continues = pipes || command.words.isEmpty && command.isPiped
        command = ShellCommand()
        command.isPiped = continues
        isTarget = false
    }

    private mutating func step() {
        let next = bytes[at]
        switch next {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): endWord()
        case UInt8(ascii: "\n"):
            line += 1
            endCommand(pipes: command.words.isEmpty && command.isPiped)
        case UInt8(ascii: "\\") where dialect == .posix, UInt8(ascii: "^") where dialect == .batch:
            at += 1
            if byte(at) == UInt8(ascii: "\r"), byte(at + 1) == UInt8(ascii: "\n") { at += 1 }
            if byte(at) == UInt8(ascii: "\n") { line += 1 } else if let escaped = byte(at) { put(escaped) }
        case UInt8(ascii: "'") where dialect == .posix: quoted(by: next)
        case UInt8(ascii: "\""): quoted(by: next)
        case UInt8(ascii: "$") where dialect == .posix && byte(at + 1) == UInt8(ascii: "("): substitution(from: at + 2)
        case UInt8(ascii: "<") where dialect == .posix && byte(at + 1) == UInt8(ascii: "("),
            UInt8(ascii: ">") where dialect == .posix && byte(at + 1) == UInt8(ascii: "("):
            endWord()
            substitution(from: at + 2)
        case UInt8(ascii: "`") where dialect == .posix: backquoted()
        case UInt8(ascii: "#") where dialect == .posix && !hasWord: comment()
        case UInt8(ascii: "|"):
            let isOr = byte(at + 1) == next
            if isOr || byte(at + 1) == UInt8(ascii: "&") { at += 1 }
            endCommand(pipes: !isOr)
        case UInt8(ascii: "&")
        where !word.isEmpty && (word.last == UInt8(ascii: ">") || byte(at + 1) == UInt8(ascii: ">")),
            UInt8(ascii: ">"), UInt8(ascii: "<"):
            redirection()
        case UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"):
            if byte(at + 1) == next { at += 1 }
            endCommand(pipes: false)
        default: put(next)
        }
        at += 1
        if dialect == .batch, !hasWord, command.words.last.map({ ["rem", "::"].contains($0.lowercased()) }) ?? false {
            comment()
        }
    }

    /// `>`, `>>`, `>&1`, `2>&1`, `<`, `<<<`.
    private mutating func redirection() {
        let isOutput = bytes[at] == UInt8(ascii: ">") || byte(at + 1) == UInt8(ascii: ">")
        if word.allSatisfy({ (0x30...0x39).contains($0) }) {
            word.removeAll()
            hasWord = false
        } else {
            endWord()
        }
        while let next = byte(at + 1), "><&".utf8.contains(next) { at += 1 }
        if isOutput { isTarget = true }
    }

    private mutating func quoted(by quote: UInt8) {
        at += 1
        hasWord = true
        while let next = byte(at), next != quote {
            if next == UInt8(ascii: "\n") { line += 1 }
            if quote == UInt8(ascii: "\""), dialect == .posix {
                if next == UInt8(ascii: "\\"), let escaped = byte(at + 1) {
                    put(escaped)
                    at += 2
                    continue
                }
                if next == UInt8(ascii: "$"), byte(at + 1) == UInt8(ascii: "(") {
                    substitution(from: at + 2)
                    at += 1
                    continue
                }
                if next == UInt8(ascii: "`") {
                    backquoted()
                    at += 1
                    continue
                }
            }
            put(next)
            at += 1
        }
    }

    /// Takes the text up to the closing parenthesis; stops on it.
    private mutating func substitution(from start: Int) {
        var depth = 1
        var quote: UInt8?
        var end = start
        while let next = byte(end) {
            if let open = quote {
                if next == open { quote = nil }
                if next == UInt8(ascii: "\\"), open == UInt8(ascii: "\"") { end += 1 }
            } else {
                switch next {
                case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = next
                case UInt8(ascii: "\\"): end += 1
                case UInt8(ascii: "("): depth += 1
                case UInt8(ascii: ")"): depth -= 1
                default: break
                }
            }
            if depth == 0 { break }
            end += 1
        }
        take(start..<min(end, bytes.count))
        at = min(end, bytes.count)
    }

    private mutating func backquoted() {
        let start = at + 1
        var end = start
        while let next = byte(end), next != UInt8(ascii: "`") { end += next == UInt8(ascii: "\\") ? 2 : 1 }
        take(min(start, bytes.count)..<min(max(start, end), bytes.count))
        at = min(end, bytes.count)
    }

    private mutating func take(_ range: Range<Int>) {
        if command.words.isEmpty, !hasWord {
            command.offset = at
            command.line = line
        }
        if command.substitutions.count < 64 {
            command.substitutions.append(String(decoding: bytes[range], as: UTF8.self))
        }
        for byte in bytes[range] where byte == UInt8(ascii: "\n") { line += 1 }
        hasWord = true
        command.incomplete.insert(command.words.count)
    }

    private mutating func comment() {
        while let next = byte(at), next != UInt8(ascii: "\n") { at += 1 }
        at -= 1
        if dialect == .batch {
            command = ShellCommand()
            at += 1
        }
    }
}
