/// Takes a JSON text apart while it comes in pieces: what stands at one place, which may be very long, is handed out, and the
/// rest is kept as a text with something empty in that place.
///
/// Nothing is judged here but where things begin and end. Whoever reads the rest strictly, and each part that is handed out,
/// has read the whole text strictly: what was taken out was one value of the kind that the rest has there. Names with escapes
/// are not looked for, so that what stands behind one stays in the rest.
public struct JSONSieve: Sendable {
    /// What is handed out.
    public enum Kind: Sendable {
        /// The raw text of a string between its quotes, as it comes; escapes are not taken out.
        case string
        /// Each object of an array, whole.
        case objects
    }

    private enum State {
        case value, name, text, scalar
        /// Inside of what is handed out: its string; between objects, in one, in a string of one.
        case sought, between(needsComma: Bool, mayEnd: Bool), object, objectText
    }

    /// Containers in one another that are followed.
    private static let depthLimit = 128
    /// Bytes of an object that are kept until it ends.
    private static let objectLimit = 1 << 20

    private let path: [[UInt8]]
    private let kind: Kind
    /// The text without what was handed out.
    public private(set) var rest: [UInt8] = []
    /// How often something stood at the place.
    public private(set) var places = 0

    private var state = State.value
    /// For each open container, whether it is an object.
    private var open: [Bool] = []
    /// How many names of the path led to the innermost object that is on it.
    private var matched = 0
    private var expectsName = false
    private var isOnPath = false
    private var name: [UInt8] = []
    private var isEscape = false
    private var object: [UInt8] = []
    private var depth = 0

    /// - Parameter path: the names of members from the outermost object on.
    public init(_ path: [String], _ kind: Kind) {
        self.path = path.map { Array($0.utf8) }
        self.kind = kind
    }

    /// Goes on with the next piece of the text.
    /// - Parameter body: gets what is handed out, and says whether to go on.
    /// - Throws: `ParseError` where the text cannot be taken apart, or `body` does not want more.
    public mutating func take(_ piece: RawSpan, _ body: (RawSpan) -> Bool) throws(ParseError) {
        var at = 0
        while at < piece.byteCount {
            switch state {
            case .sought: at = try takeString(piece, at, body)
            case .object, .objectText: at = try takeObject(piece, at, body)
            default:
                try take(piece.unsafelyLoadedByte(at), at)
                at += 1
            }
        }
    }

    private mutating func take(_ byte: UInt8, _ at: Int) throws(ParseError) {
        switch state {
        case .between(let needsComma, let mayEnd): return try takeBetween(byte, needsComma, mayEnd, at)
        case .name, .text:
            rest.append(byte)
            takeText(byte)
            return
        case .scalar:
            // Numbers and words end where something else begins.
            if !Self.ends(byte) { return rest.append(byte) }
            state = .value
        default: break
        }
        rest.append(byte)
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["): try begin(byte, at)
        case UInt8(ascii: "}"), UInt8(ascii: "]"): end()
        case UInt8(ascii: ","): (expectsName, isOnPath) = (open.last ?? false, false)
        case UInt8(ascii: ":"): expectsName = false
        case UInt8(ascii: "\""):
            if expectsName {
                (state, name) = (.name, [])
            } else if isSought(.string) {
                (state, isEscape) = (.sought, false)
                places += 1
            } else {
                state = .text
            }
        case 0x20, 0x09, 0x0A, 0x0D: break
        default: state = .scalar
        }
    }

    private static func ends(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }

    /// Whether what begins here stands at the place and is of the kind.
    private func isSought(_ kind: Kind) -> Bool { isOnPath && matched + 1 == path.count && kind == self.kind }

    private mutating func begin(_ bracket: UInt8, _ at: Int) throws(ParseError) {
        let isObject = bracket == UInt8(ascii: "{")
        if !isObject, isSought(.objects) {
            state = .between(needsComma: false, mayEnd: true)
            places += 1
            return
        }
        guard open.count < Self.depthLimit else { throw .limit(at: at, reading: "JSON nesting") }
        if isObject, isOnPath { matched += 1 }
        open.append(isObject)
        (expectsName, isOnPath) = (isObject, false)
    }

    private mutating func end() {
        // The innermost object on the path is as deep as names led to it, and one more.
        if open.count == matched + 1, matched > 0 { matched -= 1 }
        open.removeLast(open.isEmpty ? 0 : 1)
        (expectsName, isOnPath) = (false, false)
    }

    /// Goes on in a string that stays in the rest.
    private mutating func takeText(_ byte: UInt8) {
        var isName = false
        if case .name = state { isName = true }
        if isName, isEscape || byte != UInt8(ascii: "\""), name.count <= 64 { name.append(byte) }
        if isEscape {
            isEscape = false
        } else if byte == UInt8(ascii: "\\") {
            isEscape = true
        } else if byte == UInt8(ascii: "\"") {
            if isName { isOnPath = open.count == matched + 1 && matched < path.count && name == path[matched] }
            state = .value
        }
    }

    /// Hands on what of a string is there.
    private mutating func takeString(
        _ piece: RawSpan, _ start: Int, _ body: (RawSpan) -> Bool
    ) throws(ParseError) -> Int {
        var at = start
        while at < piece.byteCount {
            let byte = piece.unsafelyLoadedByte(at)
            if isEscape {
                isEscape = false
            } else if byte == UInt8(ascii: "\\") {
                isEscape = true
            } else if byte == UInt8(ascii: "\"") {
                break
            }
            at += 1
        }
        guard at == start || body(piece.extracting(start..<at)) else {
            throw .unsupported(at: start, reading: "JSON string in pieces")
        }
        guard at < piece.byteCount else { return at }
        rest.append(UInt8(ascii: "\""))
        state = .value
        return at + 1
    }

    private mutating func takeBetween(
        _ byte: UInt8, _ needsComma: Bool, _ mayEnd: Bool, _ at: Int
    ) throws(ParseError) {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: return
        case UInt8(ascii: "]") where mayEnd:
            rest.append(byte)
            (state, isOnPath, expectsName) = (.value, false, false)
        case UInt8(ascii: ",") where needsComma: state = .between(needsComma: false, mayEnd: false)
        case UInt8(ascii: "{") where !needsComma:
            object = [byte]
            (state, depth, isEscape) = (.object, 1, false)
        default: throw .malformed(at: at, reading: "JSON array of objects")
        }
    }

    /// Goes on in an object, and hands it out when it ends.
    private mutating func takeObject(
        _ piece: RawSpan, _ start: Int, _ body: (RawSpan) -> Bool
    ) throws(ParseError) -> Int {
        var isText = false
        if case .objectText = state { isText = true }
        var at = start
        while at < piece.byteCount, depth > 0 {
            let byte = piece.unsafelyLoadedByte(at)
            at += 1
            if isText {
                if isEscape {
                    isEscape = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscape = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
            } else if byte == UInt8(ascii: "\"") {
                isText = true
            } else if byte | 0x20 == UInt8(ascii: "{") {
                depth += 1
            } else if byte | 0x20 == UInt8(ascii: "}") {
                depth -= 1
            }
        }
        guard object.count + at - start <= Self.objectLimit else {
            throw .limit(at: start, reading: "JSON object in pieces")
        }
        unsafe piece.extracting(start..<at).withUnsafeBytes { unsafe object.append(contentsOf: $0) }
        guard depth == 0 else {
            state = isText ? .objectText : .object
            return at
        }
        guard body(unsafe object.span.bytes) else { throw .unsupported(at: start, reading: "JSON object in pieces") }
        state = .between(needsComma: true, mayEnd: true)
        return at
    }
}

extension RawSpan {
    /// The byte at an offset that lies inside, as the caller made sure.
    fileprivate func unsafelyLoadedByte(_ offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }
}
