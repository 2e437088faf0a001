internal import ByteParsing

/// The form of a key that its issuer marks: letters that are always the same, and runs of others between and after.
///
/// Written as `glsa_{a32}_{h8}`: a run is a letter of ``LetterClass`` and the fewest and most bytes. A form is matched
/// from left to right without a way back: a run ends where its class or its length does.
final class KeyForm: Sendable {
    enum Part: Sendable {
        case text([UInt8])
        case run(LetterClass, ClosedRange<Int>)
    }

    let issuer: String
    /// The letters that each key begins with.
    let prefix: [UInt8]
    let rest: [Part]
    /// Whether the prefix is so short that other texts begin with it too.
    let isShort: Bool
    /// Fewest and most bytes of a key.
    let lengths: ClosedRange<Int>

    /// Reads a form from its notation; nil when that is malformed.
    init?(_ notation: ArraySlice<UInt8>, issuer: String) {
        var parts: [Part] = []
        var (least, most) = (0, 0)
        var at = notation.startIndex
        var text = at
        func close(_ end: Int) {
            if end > text { parts.append(.text(Array(notation[text..<end]))) }
            least += end - text
            most += end - text
        }
        while at < notation.endIndex {
            guard notation[at] == UInt8(ascii: "{") else {
                at += 1
                continue
            }
            close(at)
            guard at + 2 < notation.endIndex, let letters = LetterClass(named: notation[at + 1]) else { return nil }
            var numbers = [0]
            at += 2
            while at < notation.endIndex, notation[at] != UInt8(ascii: "}") {
                if notation[at] == UInt8(ascii: "-") {
                    numbers.append(0)
                } else {
                    numbers[numbers.count - 1] = numbers[numbers.count - 1] &* 10 &+ Int(notation[at] &- 0x30)
                }
                at += 1
            }
            guard at < notation.endIndex, let low = numbers.first, let high = numbers.last, low <= high else {
                return nil
            }
            parts.append(.run(letters, low...high))
            (least, most) = (least + low, most + high)
            at += 1
            text = at
        }
        close(at)
        if case .text(let first)? = parts.first {
            prefix = first
            parts.removeFirst()
        } else {
            prefix = []
        }
        rest = parts
        self.issuer = issuer
        lengths = least...most
        isShort = prefix.count <= 4
    }

    /// Where the key that starts at `offset` ends, or nil when none does.
    func end(in bytes: RawSpan, at offset: Int) -> Int? {
        guard offset >= 0, offset <= bytes.byteCount, bytes.extracting(offset..<bytes.byteCount).starts(with: prefix)
        else { return nil }
        var at = offset + prefix.count
        for (index, part) in rest.enumerated() {
            switch part {
            case .text(let text):
                guard bytes.extracting(at..<bytes.byteCount).starts(with: text) else { return nil }
                at += text.count
            case .run(let letters, let lengths):
                let start = at
                while at - start < lengths.upperBound, let byte = bytes.byte(at: at), letters.contains(byte) { at += 1 }
                // Punctuation after the key is not part of it.
                while index == rest.count - 1, at - start > lengths.lowerBound, let last = bytes.byte(at: at - 1),
                    last == UInt8(ascii: ".") || last == UInt8(ascii: "/") && letters.contains(UInt8(ascii: "."))
                {
                    at -= 1
                }
                guard at - start >= lengths.lowerBound else { return nil }
            }
        }
        if let next = bytes.byte(at: at), SecretScanner.isWord(next) { return nil }
        return at
    }

    /// Whether what follows the prefix was drawn, and is no word and no stand-in.
    func isGenuine(_ secret: ArraySlice<UInt8>) -> Bool {
        if secret.isEmpty { return true }
        guard !SecretShape.isPlaceholder(secret), secret.count > 60 || !SecretShape.isSequence(secret) else {
            return false
        }
        // Words say nothing of values that are mostly digits, or that letters and digits take turns in.
        if SecretShape.isHexadecimal(secret) || SecretShape.changes(secret) >= 8 {
            return SecretShape.entropy(secret) >= (secret.count < 20 ? 2.3 : 2.8)
        }
        let digits = secret.count { (0x30...0x39).contains($0) }
        let needed: Double = isShort ? 6 : prefix.count > 5 ? -3 : 2
        guard digits * 2 > secret.count || Wording.surprise(secret) >= needed else { return false }
        return !isShort || secret.count >= 24 || secret.contains { (0x30...0x39).contains($0) }
    }

    static let all: [KeyForm] = read(clouds) + read(code) + read(models) + read(messages) + read(payments) + read(tools)

    /// A bit for each pair of bytes that a form begins with.
    static let firstPairs: [UInt64] = {
        var pairs = [UInt64](repeating: 0, count: 1024)
        for pair in byFirstPair.keys { pairs[Int(pair) >> 6] |= 1 << UInt64(pair & 63) }
        return pairs
    }()

    /// The forms by the two bytes that they begin with.
    static let byFirstPair = Dictionary(grouping: all.filter { $0.prefix.count >= 2 }) {
        UInt16($0.prefix[0]) << 8 | UInt16($0.prefix[1])
    }

    /// Reads lines of `issuer: form form …`.
    private static func read(_ lines: String) -> [KeyForm] {
        var forms: [KeyForm] = []
        for line in Array(lines.utf8).split(separator: 0x0A) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let issuer = String(decoding: line[..<colon], as: UTF8.self)
            for notation in line[(colon + 1)...].split(separator: 0x20) {
                if let form = KeyForm(notation, issuer: issuer) { forms.append(form) }
            }
        }
        return forms
    }
}

/// A set of letters that keys are made of.
struct LetterClass: Sendable {
    /// The classes; their letters in the notation of forms are those of `names`.
    enum Kind: UInt16, CaseIterable {
        case hexadecimal, digits, lower, upper, alphanumeric, word, dashed, base64, dotted, address, percented,
            urlBase64

        /// The letters beside digits and whole alphabets.
        fileprivate var members: (digits: Bool, lower: Bool, upper: Bool, others: String) {
            switch self {
            case .hexadecimal: (true, false, false, "abcdefABCDEF")
            case .digits: (true, false, false, "")
            case .lower: (true, true, false, "")
            case .upper: (true, false, true, "")
            case .alphanumeric: (true, true, true, "")
            case .word: (true, true, true, "_")
            case .dashed: (true, true, true, "_-")
            case .base64: (true, true, true, "_-+/=")
            case .dotted: (true, true, true, "_-+/=.")
            case .address: (true, true, true, "_-./@")
            case .percented: (true, true, true, "%")
            case .urlBase64: (true, true, true, "_-=")
            }
        }
    }

    private let bit: UInt16

    init(_ kind: Kind) { bit = 1 << kind.rawValue }

    init?(named letter: UInt8) {
        guard let index = Self.names.firstIndex(of: letter), let kind = Kind(rawValue: UInt16(index)) else {
            return nil
        }
        self.init(kind)
    }

    func contains(_ byte: UInt8) -> Bool { Self.table[Int(byte)] & bit != 0 }

    /// The letter of each kind that forms are written with.
    private static let names = Array("hnluawdbtrp".utf8)

    /// For each byte, a bit for each kind that holds it.
    private static let table: [UInt16] = {
        var table = [UInt16](repeating: 0, count: 256)
        for kind in Kind.allCases {
            let members = kind.members
            for byte in UInt8.min...UInt8.max {
                let isMember =
                    switch byte {
                    case 0x30...0x39: members.digits
                    case 0x41...0x5A: members.upper
                    case 0x61...0x7A: members.lower
                    default: false
                    }
                if isMember || members.others.utf8.contains(byte) { table[Int(byte)] |= 1 << kind.rawValue }
            }
        }
        return table
    }()
}
