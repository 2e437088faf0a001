import AssayCore

/// Calls whose result is known without running anything: what hides names and code from a reader.
enum PythonFolding {
    /// The result of calling `name` with these arguments, or nil when the call is none of those.
    static func call(_ name: String, _ arguments: [PythonValue]) -> PythonValue? {
        let first = arguments.first ?? .unknown
        let origin = arguments.reduce(into: PythonValue.Origin()) { $0.formUnion($1.wholeOrigin) }
        switch name {
        case "builtins.__import__", "importlib.import_module", "importlib.__import__", "pydoc.safeimport",
            "importlib._bootstrap._gcd_import":
            return first.text.map { .name($0, origin) } ?? PythonValue(made: name, origin: origin)
        case "pkgutil.resolve_name", "pydoc.locate":
            return first.text.map { .name($0.replacing(":", with: "."), origin) }
                ?? PythonValue(made: name, origin: origin)
        case "builtins.getattr", "inspect.getattr_static":
            guard arguments.count >= 2, let attribute = arguments[1].text else {
                return PythonValue(
                    made: first.names.first(where: PythonEscapes.powerful.contains).map { PythonValue.computed + $0 },
                    origin: origin.union(.assembled))
            }
            var value = first.attribute(attribute)
            value.origin.formUnion(arguments[1].origin)
            return value
        case "builtins.vars", "builtins.globals", "builtins.locals":
            if name == "builtins.vars", let target = first.name { return .name(target + ".__dict__", origin) }
            return .name("builtins.__dict__", origin)
        case "builtins.chr", "builtins.unichr":
            guard let number = first.number, let scalar = UInt32(exactly: number).flatMap(Unicode.Scalar.init) else {
                return PythonValue(origin: origin.union(.assembled))
            }
            return .text(String(Character(scalar)), origin.union(.assembled))
        case "builtins.bytes", "builtins.bytearray", "builtins.str", "builtins.memoryview":
            if let items = first.items { return characters(of: items, origin) }
            return PythonValue(text: first.text, number: nil, made: first.made, origin: origin)
        case "builtins.bytes.fromhex", "builtins.bytearray.fromhex", "binascii.unhexlify", "binascii.a2b_hex",
            "base64.b16decode":
            return first.text.map { decoded(EncodedText.hexadecimal(Array($0.utf8)), origin) } ?? hidden(origin)
        case "base64.b64decode", "base64.urlsafe_b64decode", "base64.standard_b64decode", "base64.decodebytes",
            "base64.decodestring", "binascii.a2b_base64":
            return first.text.map { decoded(EncodedText.base64(Array($0.utf8)), origin) } ?? hidden(origin)
        case "codecs.decode", "_codecs.decode", "codecs.encode":
            let codec = arguments.count > 1 ? arguments[1].text ?? "" : "utf-8"
            switch codec.lowercased().filter({ $0 != "_" && $0 != "-" }) {
            case "hex", "hexcodec":
                return first.text.map { decoded(EncodedText.hexadecimal(Array($0.utf8)), origin) } ?? hidden(origin)
            case "base64", "base64codec":
                return first.text.map { decoded(EncodedText.base64(Array($0.utf8)), origin) } ?? hidden(origin)
            case "rot13", "rot13codec":
                return first.text.map { decoded(EncodedText.rot13(Array($0.utf8)), origin) } ?? hidden(origin)
            case "zlib", "zip", "bz2", "zlibcodec": return hidden(origin)
            default: return PythonValue(text: first.text, origin: origin)
            }
        case "base64.b32decode", "base64.b85decode", "base64.a85decode", "zlib.decompress", "bz2.decompress",
            "lzma.decompress", "gzip.decompress", "binascii.a2b_uu", "cryptography.fernet.Fernet.decrypt":
            return hidden(origin)
        case "operator.attrgetter", "_operator.attrgetter", "operator.methodcaller", "_operator.methodcaller":
            let kind = name.hasSuffix("attrgetter") ? "operator.attrgetter" : "operator.methodcaller"
            return PythonValue(text: first.text, made: kind, origin: origin)
        // Byte code shows a reader as little as a cipher does.
        case "marshal.loads": return PythonValue(made: name, origin: origin.union([.code, .decoded]))
        case "builtins.compile": return PythonValue(text: first.text, made: name, origin: origin.union(.code))
        case "builtins.reversed":
            return PythonValue(
                text: first.text.map(PythonText.reversed), list: first.items.map { PythonList($0.reversed()) },
                origin: origin.union(first.text == nil ? .assembled : .decoded))
        case "builtins.map":
            if first.name == "builtins.chr", arguments.count > 1, let items = arguments[1].items {
                return .list(items.map { call("builtins.chr", [$0]) ?? .unknown }, .assembled)
            }
            return PythonValue(origin: origin)
        case "builtins.list", "builtins.tuple": return PythonValue(text: first.text, list: first.list, origin: origin)
        case "os.getenv", "os.environ.get":
            return PythonValue(text: PythonPath.home(ofVariable: first.text), made: name, origin: origin)
        case _ where name.hasPrefix("ctypes.c_") && first.number != nil:
            return PythonValue(number: first.number, made: name, origin: origin)
        default: return PythonPath.call(name, arguments, origin)
        }
    }

    /// The result of calling the method `method` of a value.
    static func method(_ method: String, of base: PythonValue, _ arguments: [PythonValue]) -> PythonValue? {
        let origin = arguments.reduce(into: base.wholeOrigin) { $0.formUnion($1.wholeOrigin) }
        if base.made?.hasPrefix("pathlib.") ?? false { return PythonPath.method(method, of: base, arguments) }
        switch method {
        // A connection that was taken in is a socket like the one that took it.
        case "accept" where base.made?.hasPrefix("socket.") ?? false:
            return .list([PythonValue(made: "socket.socket", origin: origin), PythonValue(origin: origin)])
        case "join":
            guard let separator = base.text else { return nil }
            guard let items = arguments.first?.items else {
                return PythonValue(text: separator.isEmpty ? arguments.first?.text : nil, origin: origin)
            }
            let texts = items.compactMap(\.text)
            guard texts.count == items.count else { return PythonValue(origin: origin.union(.assembled)) }
            return PythonValue(
                text: PythonText.joined(texts, separator: separator), origin: origin.union(.assembled))
        case "decode", "encode":
            if let codec = arguments.first?.text, base.text != nil || !base.origin.isEmpty {
                return PythonFolding.call("codecs.decode", [base, .text(codec)])
            }
            return PythonValue(text: base.text, made: base.made, origin: origin)
        case "strip", "lstrip", "rstrip", "lower", "format", "replace", "translate", "upper", "split", "tobytes",
            "hex", "swapcase", "splitlines", "rsplit", "partition", "rpartition", "removeprefix", "removesuffix",
            "title", "capitalize", "casefold", "zfill", "format_map", "ljust", "rjust", "center", "expandtabs":
            guard let text = base.text else { return PythonValue(origin: origin) }
            switch method {
            case "lower", "casefold": return .text(text.lowercased(), origin)
            case "upper": return .text(text.uppercased(), origin)
            case "swapcase": return .text(PythonText.swappingCase(text), origin.union(.assembled))
            case "split", "rsplit":
                return words(of: text, arguments, origin)
            case "strip" where arguments.isEmpty: return .text(PythonText.trimmed(text), origin)
            case "replace":
                if arguments.count >= 2, let old = arguments[0].text, let new = arguments[1].text, !old.isEmpty {
                    return PythonValue(
                        text: PythonText.replacing(old, with: new, in: text), origin: origin.union(.assembled))
                }
                return PythonValue(origin: origin.union(.assembled))
            case "format" where !text.utf8.contains(UInt8(ascii: "{")), "tobytes":
                return PythonValue(text: text, origin: origin)
            case "format":
                return PythonText.filled(text, arguments.map(\.text)).map { .text($0, origin.union(.assembled)) }
                    ?? PythonValue(origin: origin.union(.assembled))
            default: return PythonValue(origin: origin.union(.assembled))
            }
        case "fromhex":
            return arguments.first?.text.map { decoded(EncodedText.hexadecimal(Array($0.utf8)), origin) }
                ?? hidden(origin)
        case "decrypt", "decompress": return hidden(origin)
        default: return nil
        }
    }

    /// `text[index]`.
    static func character(of text: String, at index: Int, _ origin: PythonValue.Origin) -> PythonValue {
        let scalars = text.unicodeScalars
        guard scalars.count <= 4096 else { return PythonValue(origin: origin.union(.assembled)) }
        let position = index < 0 ? scalars.count &+ index : index
        guard position >= 0, position < scalars.count else { return .unknown }
        return .text(String(scalars[scalars.index(scalars.startIndex, offsetBy: position)]), origin.union(.assembled))
    }

    /// `text.split()`, `text.split(separator)`.
    private static func words(
        of text: String, _ arguments: [PythonValue], _ origin: PythonValue.Origin
    ) -> PythonValue {
        guard arguments.count < 2, text.utf8.count <= 1 << 16 else {
            return PythonValue(origin: origin.union(.assembled))
        }
        let parts: [String]
        if let separator = arguments.first {
            guard let separator = separator.text, !separator.isEmpty else {
                return PythonValue(origin: origin.union(.assembled))
            }
            parts = PythonText.split(text, at: separator)
        } else {
            parts = text.split(whereSeparator: \.isWhitespace).map(String.init)
        }
        guard parts.count <= PythonValue.mostItems else { return PythonValue(origin: origin.union(.assembled)) }
        return .list(parts.map { .text($0, origin.union(.assembled)) })
    }

    private static func hidden(_ origin: PythonValue.Origin) -> PythonValue {
        PythonValue(origin: origin.union(.decoded))
    }

    private static func decoded(_ bytes: [UInt8]?, _ origin: PythonValue.Origin) -> PythonValue {
        guard let bytes else { return hidden(origin) }
        return .text(String(decoding: bytes, as: UTF8.self), origin.union(.decoded))
    }

    private static func characters(of items: [PythonValue], _ origin: PythonValue.Origin) -> PythonValue {
        var text = String.UnicodeScalarView()
        for item in items {
            guard let number = item.number, let scalar = UInt32(exactly: number).flatMap(Unicode.Scalar.init) else {
                return PythonValue(origin: origin.union(.assembled))
            }
            text.append(scalar)
        }
        return .text(String(text), origin.union(.assembled))
    }
}
