/// What an XML text is made of, in order.
package enum XMLEvent: Sendable {
    case start(name: String, attributes: [XMLAttribute], isEmpty: Bool)
    case end(name: String)
    /// Character data, with the five predefined entities and character references put in; other references stay.
    case text(String)
    case instruction(target: String, data: String)
    case doctype(XMLDoctype)
}

package struct XMLAttribute: Sendable, Hashable {
    package let name: String
    package let value: String
}

/// A document type declaration.
package struct XMLDoctype: Sendable {
    package let root: String
    /// System identifier of the external subset, or nil.
    package let system: String?
    package let `public`: String?
    package internal(set) var entities: [XMLEntity] = []
}

/// An entity declaration: a fact, never expanded here.
package struct XMLEntity: Sendable, Hashable {
    package let name: String
    package let isParameter: Bool
    /// Replacement text of an internal entity.
    package let value: String?
    /// System identifier of an external entity.
    package let system: String?
}
