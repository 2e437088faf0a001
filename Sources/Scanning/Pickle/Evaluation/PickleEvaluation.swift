import ByteParsing
import ModelFormats

/// Evaluates calls of pure functions on constants, so that names which a pickle computes are known.
///
/// Every text is bounded; what is not modelled is nil, and the judge then treats the name as unknown.
struct PickleEvaluation {
    static let limit = 1 << 16

    /// The result of calling `name` (dotted, aliases resolved) with `arguments`, or nil where it isn't modelled.
    static func call(_ name: String, _ arguments: [PickleDenotation], lists: [[PickleDenotation]?]) -> PickleDenotation?
    {
        func text(_ index: Int) -> String? {
            guard arguments.indices.contains(index) else { return nil }
            if case .text(let text) = arguments[index] { return text }
            return nil
        }
        func bytes(_ index: Int) -> [UInt8]? {
            guard arguments.indices.contains(index) else { return nil }
            switch arguments[index] {
            case .bytes(let bytes): return bytes
            case .text(let text): return Array(text.utf8)
            default: return nil
            }
        }
        func list(_ index: Int) -> [PickleDenotation]? { lists.indices.contains(index) ? lists[index] : nil }
        switch name {
        case "operator.concat", "operator.add", "operator.iadd", "operator.iconcat", "operator.__add__",
            "operator.__concat__", "builtins.str.__add__":
            if let left = text(0), let right = text(1) { return bounded(left + right) }
            if case .bytes(let left)? = arguments.first, let right = bytes(1) { return bounded(left + right) }
        case "builtins.str.join", "builtins.bytes.join":
            guard let separator = arguments.first, let items = list(1) else { return nil }
            return method("join", of: separator, [], lists: [items])
        case "builtins.chr", "builtins.unichr":
            guard case .integer(let code)? = arguments.first else { return nil }
            return UInt32(exactly: code).flatMap { Unicode.Scalar($0) }.map { .text(String($0)) }
        case "builtins.str", "builtins.unicode":
            if arguments.isEmpty { return .text("") }
            if let value = text(0) { return .text(value) }
            if case .bytes(let value)? = arguments.first, arguments.count > 1 { return decoded(value) }
        case "builtins.bytes", "builtins.bytearray":
            if arguments.isEmpty { return .bytes([]) }
            if let items = list(0) {
                var bytes: [UInt8] = []
                for item in items {
                    guard case .integer(let number) = item, let byte = UInt8(exactly: number) else { return nil }
                    bytes.append(byte)
                }
                return .bytes(bytes)
            }
            return bytes(0).map { .bytes($0) }
        case "_codecs.encode", "codecs.encode":
            guard let value = arguments.first else { return nil }
            return codec(text(1) ?? "utf-8", value, encoding: true)
        case "_codecs.decode", "codecs.decode":
            guard let value = arguments.first else { return nil }
            return codec(text(1) ?? "utf-8", value, encoding: false)
        case "base64.b64decode", "base64.standard_b64decode", "base64.urlsafe_b64decode", "base64.decodebytes",
            "binascii.a2b_base64", "base64.decodestring":
            return bytes(0).map(EncodedText.base64).map { .bytes($0) }
        case "binascii.unhexlify", "binascii.a2b_hex", "builtins.bytes.fromhex", "builtins.bytearray.fromhex",
            "base64.b16decode":
            return bytes(0).flatMap(EncodedText.hexadecimal).map { .bytes($0) }
        case "base64.b85decode": return bytes(0).flatMap(EncodedText.base85).map { .bytes($0) }
        case "base64.a85decode": return bytes(0).flatMap(EncodedText.ascii85).map { .bytes($0) }
        case "base64.b32decode": return bytes(0).flatMap(EncodedText.base32).map { .bytes($0) }
        case "operator.getitem", "operator.__getitem__", "builtins.str.__getitem__":
            guard let value = text(0), arguments.count > 1, case .integer(let index) = arguments[1] else { return nil }
            let characters = Array(value.unicodeScalars)
            let place = index < 0 ? index + characters.count : index
            return characters.indices.contains(place) ? .text(String(characters[place])) : nil
        case "operator.mod":
            if let format = text(0), let value = text(1), let range = format.firstRange(of: "%s") {
                return bounded(format.replacingCharacters(range, with: value))
            }
        default:
            if let dot = name.lastIndex(of: "."), let first = arguments.first,
                name.hasPrefix("builtins.str.") || name.hasPrefix("builtins.bytes.")
            {
                return method(
                    String(name[name.index(after: dot)...]), of: first, Array(arguments.dropFirst()),
                    lists: Array(lists.dropFirst()))
            }
        }
        return nil
    }

    /// How a call decompresses its first argument; nil when it is no such call.
    static func compression(_ name: String, _ arguments: [PickleDenotation]) -> Compression? {
        switch name {
        case "zlib.decompress":
            // The size of the window, with marks for raw data and for gzip's header.
            guard arguments.count > 1, case .integer(let bits) = arguments[1] else { return .zlib }
            return bits < 0 ? .deflate : bits >= 24 && bits < 32 ? .gzip : .zlib
        case "gzip.decompress": return .gzip
        case "bz2.decompress", "_bz2.decompress": return .bzip2
        case "lzma.decompress": return .xz
        case "zstandard.decompress": return .zstd
        case "lz4.frame.decompress": return .lz4
        case "_codecs.decode", "codecs.decode":
            guard arguments.count > 1, case .text(let codec) = arguments[1] else { return nil }
            switch codec.lowercased().filter({ $0 != "-" && $0 != "_" }) {
            case "zlib", "zip", "zlibcodec": return .zlib
            case "bz2", "bz2codec": return .bzip2
            default: return nil
            }
        default: return nil
        }
    }

    /// The result of a method of a constant text or bytes.
    static func method(
        _ name: String, of base: PickleDenotation, _ arguments: [PickleDenotation], lists: [[PickleDenotation]?]
    ) -> PickleDenotation? {
        func text(_ index: Int) -> String? {
            guard arguments.indices.contains(index), case .text(let text) = arguments[index] else { return nil }
            return text
        }
        switch base {
        case .text(let value):
            switch name {
            case "join":
                guard let items = lists.first ?? nil else { return nil }
                var parts: [String] = []
                for item in items {
                    guard case .text(let part) = item else { return nil }
                    parts.append(part)
                }
                return bounded(parts.joined(separator: value))
            case "lower", "casefold": return .text(value.lowercased())
            case "upper": return .text(value.uppercased())
            case "strip", "lstrip", "rstrip":
                let characters = text(0).map { Set($0) } ?? Set(" \t\n\r")
                var rest = Substring(value)
                if name != "rstrip" { rest = rest.drop { characters.contains($0) } }
                if name != "lstrip" { while let last = rest.last, characters.contains(last) { rest.removeLast() } }
                return .text(String(rest))
            case "replace":
                guard let old = text(0), let new = text(1), !old.isEmpty, new.utf8.count <= 256,
                    value.utf8.count <= 4096
                else { return nil }
                return bounded(value.replacing(old, with: new))
            case "format":
                var result = value
                for (index, _) in arguments.enumerated().prefix(32) {
                    guard let value = text(index) else { return nil }
                    if let range = result.firstRange(of: "{}") ?? result.firstRange(of: "{\(index)}") {
                        result = result.replacingCharacters(range, with: value)
                    }
                    guard result.utf8.count <= limit else { return nil }
                }
                return .text(result)
            case "encode": return codec(text(0) ?? "utf-8", base, encoding: true)
            case "removeprefix":
                return text(0).map { .text(value.hasPrefix($0) ? String(value.dropFirst($0.count)) : value) }
            case "removesuffix":
                return text(0).map { .text(value.hasSuffix($0) ? String(value.dropLast($0.count)) : value) }
            case "__add__": return text(0).flatMap { bounded(value + $0) }
            case "__str__", "__repr__",
                "title" where name == "__str__":
                return .text(value)
            default: return nil
            }
        case .bytes(let value):
            switch name {
            case "decode": return codec(text(0) ?? "utf-8", base, encoding: false)
            case "hex":
                let digits = Array("0123456789abcdef".utf8)
                return bounded(
                    String(decoding: value.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self))
            default: return nil
            }
        default: return nil
        }
    }

    private static func codec(_ name: String, _ value: PickleDenotation, encoding: Bool) -> PickleDenotation? {
        let codec = name.lowercased().filter { $0 != "-" && $0 != "_" }
        switch (codec, value) {
        case ("rot13", .text(let text)):
            return .text(String(decoding: EncodedText.rot13(Array(text.utf8)), as: UTF8.self))
        case ("latin1", .text(let text)), ("iso88591", .text(let text)), ("rawunicodeescape", .text(let text)):
            return encoding ? latin1(text).map { .bytes($0) } : nil
        case ("utf8", .text(let text)), ("ascii", .text(let text)):
            return encoding ? .bytes(Array(text.utf8)) : .text(text)
        case ("hex", .bytes(let bytes)), ("hexcodec", .bytes(let bytes)):
            return encoding ? nil : EncodedText.hexadecimal(bytes).map { .bytes($0) }
        case ("base64", .bytes(let bytes)), ("base64codec", .bytes(let bytes)):
            return encoding ? nil : .bytes(EncodedText.base64(bytes))
        case (_, .bytes(let bytes)):
            return encoding ? nil : decoded(bytes)
        default: return nil
        }
    }

    /// The text's code points as bytes, or nil when one is over 255.
    private static func latin1(_ text: String) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        var lead: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case 0..<0x80: result.append(byte)
            case 0x80..<0xC0: result.append(lead &<< 6 | byte & 0x3F)
            case 0xC2, 0xC3: lead = byte & 0x03
            default: return nil
            }
        }
        return result
    }

    private static func decoded(_ bytes: [UInt8]) -> PickleDenotation {
        .text(String(decoding: bytes.prefix(limit), as: UTF8.self))
    }
    private static func bounded(_ text: String) -> PickleDenotation? {
        text.utf8.count <= limit ? .text(text) : nil
    }
    private static func bounded(_ bytes: [UInt8]) -> PickleDenotation? { bytes.count <= limit ? .bytes(bytes) : nil }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<String.Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
