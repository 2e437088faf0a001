internal import ByteParsing

/// What the values of a predicate have to be, where the type's specification says it; members that it does not name pass.
indirect enum PredicateShape: Sendable {
    case text
    /// A URI: SLSA's and in-toto's TypeURI and ResourceURI.
    case uri
    /// RFC 3339, in-toto's Timestamp.
    case moment
    case one([String])
    case object([Member])
    /// An object with any names, whose values are texts.
    case texts
    case list(PredicateShape)

    struct Member: Sendable {
        let name: String
        let shape: PredicateShape
        let isNeeded: Bool

        init(_ name: String, _ shape: PredicateShape, isNeeded: Bool = false) {
            self.name = name
            self.shape = shape
            self.isNeeded = isNeeded
        }
    }

    /// in-toto's ResourceDescriptor v1.
    static let resource = object([
        .init("uri", uri), .init("digest", texts), .init("content", text), .init("name", text),
        .init("mediaType", text),
        .init("downloadLocation", uri), .init("annotations", object([])),
    ])

    /// The specifications' own shapes, by the type's URI.
    static let known: [String: PredicateShape] = [
        // https://slsa.dev/spec/v1.1/provenance
        "https://slsa.dev/provenance/v1": object([
            .init(
                "buildDefinition",
                object([
                    .init("buildType", uri, isNeeded: true), .init("externalParameters", object([]), isNeeded: true),
                    .init("internalParameters", object([])), .init("resolvedDependencies", list(resource)),
                ]), isNeeded: true),
            .init(
                "runDetails",
                object([
                    .init(
                        "builder",
                        object([
                            .init("id", uri, isNeeded: true), .init("version", texts),
                            .init("builderDependencies", list(resource)),
                        ]), isNeeded: true),
                    .init(
                        "metadata",
                        object([
                            .init("invocationId", text), .init("startedOn", moment), .init("finishedOn", moment),
                        ])),
                    .init("byproducts", list(resource)),
                ]), isNeeded: true),
        ]),
        // https://github.com/in-toto/attestation, spec/predicates: test-result, vuln, link.
        "https://in-toto.io/attestation/test-result/v0.1": object([
            .init("result", one(["PASSED", "WARNED", "FAILED"]), isNeeded: true),
            .init("configuration", list(resource), isNeeded: true), .init("url", uri), .init("passedTests", list(text)),
            .init("warnedTests", list(text)), .init("failedTests", list(text)),
        ]),
        "https://in-toto.io/attestation/vulns/v0.1": object([
            .init(
                "scanner",
                object([
                    .init("uri", uri, isNeeded: true), .init("version", text),
                    .init("db", object([.init("uri", uri), .init("version", text), .init("lastUpdate", moment)])),
                    .init(
                        "result",
                        list(
                            object([
                                .init("id", text, isNeeded: true),
                                .init("severity", list(object([.init("method", text, isNeeded: true)]))),
                                .init("annotations", list(object([]))),
                            ])), isNeeded: true),
                ]), isNeeded: true),
            .init(
                "metadata",
                object([.init("scanStartedOn", moment, isNeeded: true), .init("scanFinishedOn", moment)]),
                isNeeded: true),
        ]),
        "https://in-toto.io/attestation/link/v0.3": object([
            .init("name", text, isNeeded: true), .init("command", list(text), isNeeded: true),
            .init("materials", list(resource), isNeeded: true), .init("byproducts", object([])),
            .init("environment", object([])),
        ]),
    ]

    /// The first thing that is wrong with a value, or nil. The shapes bound how deep this goes.
    func deficiency(of value: JSONValue, at place: String) -> String? {
        switch self {
        case .text: return value.kind == .string ? nil : "\(place) is no text"
        case .uri:
            return value.string.map { PredicateType.isURI($0) } == true ? nil : "\(place) is no URI"
        case .moment: return value.string.map { Self.isMoment($0) } == true ? nil : "\(place) is no RFC 3339 time"
        case .one(let words):
            return words.contains { value.matches(Array($0.utf8)) }
                ? nil : "\(place) is none of \(words.joined(separator: ", "))"
        case .texts:
            guard value.isObject else { return "\(place) is no object" }
            return value.members.contains { $0.value.kind != .string } ? "\(place) holds more than texts" : nil
        case .list(let shape):
            guard value.isArray else { return "\(place) is no list" }
            for (index, element) in value.elements.enumerated() {
                if let found = shape.deficiency(of: element, at: "\(place)[\(index)]") { return found }
            }
            return nil
        case .object(let members): return deficiency(of: value, members, at: place)
        }
    }

    private func deficiency(of value: JSONValue, _ members: [Member], at place: String) -> String? {
        guard value.isObject else { return "\(place) is no object" }
        for member in members {
            // What protobuf's writers leave out may stand as null.
            guard let found = value[member.name], !found.isNull else {
                if member.isNeeded { return "\(place) has no \(member.name)" }
                continue
            }
            let name = place == PredicateType.place ? member.name : place + "." + member.name
            if let found = member.shape.deficiency(of: found, at: name) { return found }
        }
        let isResource = members.first?.name == "uri" && members.contains { $0.name == "content" }
        if isResource, ["uri", "digest", "content"].allSatisfy({ value[$0] == nil }) {
            return "\(place) names nothing: it has neither uri, digest nor content"
        }
        return nil
    }

    /// `2024-05-06T07:08:09Z`, with a fraction or another zone or without.
    static func isMoment(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            return bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        guard bytes.count >= 20, CalendarDate(text.prefix(10)) != nil, bytes[10] | 0x20 == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), let hour = number(11..<13), hour < 24,
            let minute = number(14..<16), minute < 60, let second = number(17..<19), second <= 60
        else { return false }
        var at = 19
        if bytes[at] == UInt8(ascii: ".") {
            let digits = bytes[20...].prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { return false }
            at = digits.endIndex
        }
        guard at < bytes.count else { return false }
        if bytes[at] | 0x20 == UInt8(ascii: "z") { return at + 1 == bytes.count }
        guard bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-"), bytes.count == at + 6,
            bytes[at + 3] == UInt8(ascii: ":"), let hours = number(at + 1..<at + 3),
            let minutes = number(at + 4..<at + 6)
        else { return false }
        return hours < 24 && minutes < 60
    }
}
