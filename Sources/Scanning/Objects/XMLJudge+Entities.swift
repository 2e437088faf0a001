internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// What a document type declares: entities that are read from elsewhere or grow, and the type itself.
extension XMLJudge {
    mutating func judge(_ doctype: XMLDoctype, at offset: Int) {
        for entity in doctype.entities {
            guard let system = entity.system else { continue }
            report(
                "XML-ENTITY", "the \(entity.isParameter ? "parameter " : "")entity \(entity.name) is \(system)", offset)
        }
        if let system = doctype.system, !["html", "svg"].contains(doctype.root.lowercased()) {
            let reach = PathReach(system)
            let isKnown = XMLJudge.knownSchemas.contains { system.hasPrefix($0) }
            if !isKnown {
                report(
                    "XML-EXTERNAL", "the document type is read from \(system)", offset, reach == .inside ? .low : .high)
            }
        }
        entitySizes = XMLJudge.sizes(of: doctype.entities)
        let worst = entitySizes.max { $0.value < $1.value }
        let (size, name) = (worst?.value ?? 0, worst?.key ?? "")
        if size > 10_000_000 {
            report(
                "XML-ENTITY", "the entity \(name) grows to \(size == .max ? "more than 2^63" : String(size)) bytes",
                offset, .medium)
        }
    }

    /// The sizes that internal entities grow to; references may be nested but not circular (a circle is endless).
    static func sizes(of entities: [XMLEntity]) -> [String: Int] {
        var sizes: [String: Int] = [:]
        for entity in entities where entity.value != nil && sizes[entity.name] == nil {
            sizes[entity.name] = entity.value?.utf8.count ?? 0
        }
        let references = entities.map { entity in XMLJudge.references(in: entity.value ?? "") }
        // Every round follows references one level deeper; twelve levels of tens are past any limit.
        for _ in 0..<24 {
            var changed = false
            for (entity, names) in zip(entities, references) where entity.value != nil {
                var size = entity.value?.utf8.count ?? 0
                for name in names { size = size.adding(checked: sizes[name] ?? 0) ?? .max }
                if size != sizes[entity.name] {
                    sizes[entity.name] = size
                    changed = true
                }
                if size > 1 << 40 { return sizes }
            }
            if !changed { break }
        }
        return sizes
    }

    /// Counts what the entities that a text names grow to: a long one that is named again and again grows like many.
    mutating func count(entitiesIn text: String, at offset: Int) {
        guard !entitySizes.isEmpty, !isGrown, text.utf8.contains(UInt8(ascii: "&")) else { return }
        for name in XMLJudge.references(in: text) {
            grown = grown.adding(checked: entitySizes[name] ?? 0) ?? .max
        }
        guard grown > 64 << 20 else { return }
        isGrown = true
        report("XML-ENTITY", "the entities that the text names grow to \(grown) bytes", offset, .medium)
    }

    private static func references(in text: String) -> [String] {
        text.split(separator: "&").dropFirst(text.hasPrefix("&") ? 0 : 1).prefix(10_000).compactMap { piece in
            piece.firstIndex(of: ";").map { String(piece[..<$0]) }
        }
    }

    /// Where document types of published vocabularies are named: parsers have these at hand or never ask for them.
    private static let knownSchemas = [
        "www.dmg.org/", "dmg.org/", "www.w3.org/", "www.apple.com/DTDs/", "java.sun.com/",
        "www.oasis-open.org/docbook/",
        "docbook.org/", "checkstyle.org/dtds/", "www.puppycrawl.com/dtds/", "www.musicxml.org/dtds/",
        "logging.apache.org/", "mybatis.org/dtd/", "hibernate.sourceforge.net/", "www.hibernate.org/dtd/",
        "www.springframework.org/dtd/", "struts.apache.org/dtds/", "xml.apache.org/", "www.unicode.org/",
        "unicode.org/", "testng.org/", "www.wapforum.org/DTD/", "www.freedesktop.org/standards/",
    ].flatMap { ["http://" + $0, "https://" + $0] }
}
