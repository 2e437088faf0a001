/// One thing that the parser came across.
package struct YAMLEvent: Sendable {
    package enum Kind: Sendable, Equatable { case scalar, alias, openSequence, openMapping, close, document }

    package var kind: Kind
    /// Counted from 1.
    package var line: Int
    /// The text of a scalar, or the name of the anchor that an alias stands for.
    package var text = ""
    /// A scalar without quotes or block notation: the only kind whose text says what type it has.
    package var isPlain = false
    package var anchor: String?
    package var tag: String?
}
