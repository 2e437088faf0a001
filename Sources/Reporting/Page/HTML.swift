internal import AssayCore

/// Markup that is safe to put into a page.
///
/// What stands in a literal is markup; text that is interpolated is escaped, and only a value of this type goes in as
/// it is. A page can therefore not be broken out of by forgetting to escape: to get unescaped text in, somebody has to
/// write it into the program.
struct HTML: Sendable, Hashable, ExpressibleByStringInterpolation {
    private(set) var text: String

    init(stringLiteral value: String) { text = value }
    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// Text that is escaped: on one line, without control, invisible or direction-changing characters.
    init(text: String, limit: Int = 4_000) { self.text = Markup.escape(text, limit: limit) }

    /// Markup that the program put together itself, from parts that were escaped.
    init(markup: String) { text = markup }

    static let empty: HTML = ""
    var isEmpty: Bool { text.isEmpty }

    static func + (left: HTML, right: HTML) -> HTML {
        var result = left
        result.text += right.text
        return result
    }
    static func += (left: inout HTML, right: HTML) { left.text += right.text }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ value: String) { text += Markup.escape(value) }
        mutating func appendInterpolation(_ value: HTML) { text += value.text }
        mutating func appendInterpolation(_ value: HTML?) { text += value?.text ?? "" }
        mutating func appendInterpolation(_ value: Int) { text += String(value) }
        mutating func appendInterpolation(_ values: [HTML]) { for value in values { text += value.text } }
    }
}

extension Sequence<HTML> {
    func joined(separator: HTML = "") -> HTML {
        var result = HTML.empty
        for (position, part) in enumerated() {
            if position > 0 { result += separator }
            result += part
        }
        return result
    }
}
