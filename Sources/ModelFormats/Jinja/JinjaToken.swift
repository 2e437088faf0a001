/// One token of a Jinja template, as jinja2 3.1 tells them apart.
package struct JinjaToken: Sendable, Hashable {
    package enum Kind: UInt8, Sendable {
        case data, variableBegin, variableEnd, blockBegin, blockEnd, name, string, integer, float, symbol, end
    }

    package var kind: Kind
    /// Template data, a name, a string's decoded value, the digits of a number, or an operator.
    package var text: String
    /// Where it starts, in Unicode scalars from the start of the template.
    package var offset: Int

    package init(_ kind: Kind, _ text: String = "", at offset: Int = 0) {
        self.kind = kind
        self.text = text
        self.offset = offset
    }
}
