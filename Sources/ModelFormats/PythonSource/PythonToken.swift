/// A lexical token of Python source.
package struct PythonToken: Sendable {
    package enum Kind: UInt8, Sendable {
        /// An identifier or keyword.
        case name
        case number
        /// A string or bytes literal; `text` is its value.
        case string
        /// An operator or delimiter; `text` is its spelling.
        case symbol
        /// The end of a logical line.
        case newline
    }

    package var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: columnAndKind)) ?? .symbol }
    /// Spelling, or the decoded value of a string (cut at the tokenizer's limit).
    package let text: String
    /// Byte offset in the source.
    package var offset: Int { Int(place) }
    /// Line, counted from 1.
    package var line: Int { Int(row) }
    /// Columns of white space before the logical line that the token stands in (a tab goes to the next multiple of 8).
    package var indentation: Int { Int(columnAndKind >> 8) }

    // A source has many tokens: theirs are the bytes that count. No source is as long as 4 GiB.
    private let place: UInt32
    private let row: UInt32
    private let columnAndKind: UInt32

    package init(_ kind: Kind, _ text: String, offset: Int, line: Int, indentation: Int) {
        self.text = text
        place = UInt32(clamping: offset)
        row = UInt32(clamping: line)
        columnAndKind = UInt32(min(max(indentation, 0), 0xff_ffff)) << 8 | UInt32(kind.rawValue)
    }

    package func isSymbol(_ spelling: String) -> Bool { kind == .symbol && text == spelling }
    package func isName(_ spelling: String) -> Bool { kind == .name && text == spelling }
}
