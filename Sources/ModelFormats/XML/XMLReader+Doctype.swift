internal import ByteParsing

/// Document types: what they declare and include.
extension XMLReader {
    mutating func doctype() throws(ParseError) -> XMLDoctype {
        skipSpace()
        let root = name()
        let (publicID, system) = try externalID()
        var doctype = XMLDoctype(root: root, system: system, public: publicID)
        skipSpace()
        if region[at] == UInt8(ascii: "[") {
            at += 1
            try declarations(into: &doctype.entities, depth: 0)
        }
        skipSpace()
        guard region[at] == UInt8(ascii: ">") else { throw .malformed(at: at, reading: "XML document type") }
        at += 1
        return doctype
    }

    /// The internal subset, up to its bracket. A parameter entity stands for declarations: those in its replacement text
    /// count as if they stood there (XML 1.0, 4.4.8), whether or not it is named.
    private mutating func declarations(into entities: inout [XMLEntity], depth: Int) throws(ParseError) {
        while true {
            try budget.spend(operations: 1, reading: "XML document type")
            skipSpace()
            guard let byte = region[at] else { throw .truncated(at: at, reading: "XML document type") }
            if byte == UInt8(ascii: "]") {
                at += 1
                return
            }
            if starts("<!--") {
                at = try after("-->", from: at + 4, "XML comment")
            } else if starts("<?") {
                at = try after("?>", from: at + 2, "XML processing instruction")
            } else if starts("<!ENTITY") {
                at += 8
                let entity = try self.entity()
                if entities.count < Self.mostEntities { entities.append(entity) }
                try expand(entity, into: &entities, depth: depth)
            } else if byte == UInt8(ascii: "<") {
                // Element, attribute and notation declarations: quotes may hold a closing bracket.
                try skipDeclaration()
            } else if byte == UInt8(ascii: "%") {
                at = try after(";", from: at + 1, "XML parameter entity")
            } else {
                throw .malformed(at: at, reading: "XML document type")
            }
        }
    }

    private static let mostEntities = 10_000
    private static let deepestEntity = 8

    private func expand(_ entity: XMLEntity, into entities: inout [XMLEntity], depth: Int) throws(ParseError) {
        guard entity.isParameter, let value = entity.value.map(XMLReader.decode), value.contains("<!ENTITY") else {
            return
        }
        guard depth < Self.deepestEntity else { throw .limit(at: at, reading: "XML entities") }
        try budget.spend(operations: value.utf8.count, reading: "XML entities")
        var inner = XMLReader(ByteRegion(Array((value + "]").utf8)), budget: budget)
        // What is no declaration ends the text for a parser as well.
        do throws(ParseError) {
            try inner.declarations(into: &entities, depth: depth + 1)
        } catch {
            guard error.code != .limit else { throw error }
        }
    }

    private mutating func entity() throws(ParseError) -> XMLEntity {
        skipSpace()
        var isParameter = false
        if region[at] == UInt8(ascii: "%") {
            isParameter = true
            at += 1
            skipSpace()
        }
        let name = self.name()
        skipSpace()
        var value: String?
        var system: String?
        if region[at] == UInt8(ascii: "\"") || region[at] == UInt8(ascii: "'") {
            value = try quoted("XML entity")
        } else {
            system = try externalID().system
        }
        try skipDeclaration()
        return XMLEntity(name: name, isParameter: isParameter, value: value, system: system)
    }

    private mutating func skipDeclaration() throws(ParseError) {
        while let byte = region[at] {
            try budget.spend(operations: 1, reading: "XML declaration")
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                _ = try quoted("XML declaration")
                continue
            }
            at += 1
            if byte == UInt8(ascii: ">") { return }
        }
        throw .truncated(at: at, reading: "XML declaration")
    }

    private mutating func externalID() throws(ParseError) -> (publicID: String?, system: String?) {
        skipSpace()
        if starts("SYSTEM") {
            at += 6
            skipSpace()
            return (nil, try quoted("XML system identifier"))
        }
        if starts("PUBLIC") {
            at += 6
            skipSpace()
            let publicID = try quoted("XML public identifier")
            skipSpace()
            let quote = region[at]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return (publicID, nil) }
            return (publicID, try quoted("XML system identifier"))
        }
        return (nil, nil)
    }
}
