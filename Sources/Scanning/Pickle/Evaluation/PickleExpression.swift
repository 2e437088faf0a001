package import ModelFormats

/// Pickle values written as the Python that they stand for, bounded in depth and length.
package struct PickleExpression {
    /// Characters after which the rest is left out.
    private let limit: Int
    private var text = ""
    private var nodes = 0

    private init(limit: Int) { self.limit = limit }

    /// The value as an expression: `os.system('id')`.
    package static func of(_ value: PickleValue, in machine: borrowing PickleMachine, limit: Int = 240) -> String {
        var writer = PickleExpression(limit: limit)
        writer.write(value, machine, depth: 0)
        return writer.text
    }

    /// Arguments as they stand between a call's parentheses.
    package static func arguments(
        _ arguments: PickleValue, _ keywords: PickleValue? = nil, in machine: borrowing PickleMachine,
        limit: Int = 240
    ) -> String {
        var writer = PickleExpression(limit: limit)
        writer.writeArguments(arguments, keywords, machine, depth: 0)
        return writer.text
    }

    private var isFull: Bool { text.count >= limit || nodes > 400 }

    private mutating func write(_ value: PickleValue, _ machine: borrowing PickleMachine, depth: Int) {
        nodes += 1
        guard !isFull, depth < 12 else {
            if !text.hasSuffix("…") { text += "…" }
            return
        }
        switch value.kind {
        case .none: text += "None"
        case .yes: text += "True"
        case .no: text += "False"
        case .integer: text += String(value.integer ?? 0)
        case .text, .legacyText:
            text += Self.quoted(machine.string(value, limit: limit + 8) ?? "", limit: limit)
        case .bytes: text += "b" + Self.quoted(bytes: machine.byteArray(value, limit: 48) ?? [], limit: 40)
        case .byteArray:
            text += "bytearray(b" + Self.quoted(bytes: machine.byteArray(value, limit: 48) ?? [], limit: 40) + ")"
        case .float: text += machine.double(value).map { "\($0)" } ?? "nan"
        case .bigInteger:
            text += "0x" + (machine.bigInteger(value) ?? []).reversed().prefix(16).map(Self.hex).joined()
        case .global: text += machine.global(value).map { $0.module + "." + $0.name } ?? "?"
        case .elidedCall: text += (machine.global(value).map { $0.module + "." + $0.name } ?? "?") + "(…)"
        case .extensionCode: text += "copyreg.extension(\(value.payload))"
        case .buffer: text += "buffer()"
        case .elided: text += "…"
        case .node: writeNode(value, machine, depth: depth)
        }
    }

    private mutating func writeNode(_ value: PickleValue, _ machine: borrowing PickleMachine, depth: Int) {
        guard let node = machine.node(value) else { return }
        let children = machine.children(value, limit: 40)
        switch node.kind {
        case .list: write(children, "[", "]", node, machine, depth)
        case .tuple: write(children, "(", node.count == 1 ? ",)" : ")", node, machine, depth)
        case .set: write(children, "{", "}", node, machine, depth)
        case .frozenSet: write(children, "frozenset({", "})", node, machine, depth)
        case .dict:
            text += "{"
            for index in stride(from: 0, to: children.count - 1, by: 2) {
                if isFull { break }
                if index > 0 { text += ", " }
                write(children[index], machine, depth: depth + 1)
                text += ": "
                write(children[index + 1], machine, depth: depth + 1)
            }
            if Int(node.count) > children.count { text += ", …" }
            text += "}"
        case .call:
            guard children.count >= 2 else { return }
            if node.opcode == PickleOpcode.newObj.rawValue || node.opcode == PickleOpcode.newObjEx.rawValue {
                write(children[0], machine, depth: depth + 1)
                text += ".__new__("
                write(children[0], machine, depth: depth + 1)
                if machine.node(children[1])?.count != 0 { text += ", " }
            } else {
                write(children[0], machine, depth: depth + 1)
                text += "("
            }
            writeArguments(children[1], children.count > 2 ? children[2] : nil, machine, depth: depth + 1)
            text += ")"
        case .persistent:
            text += "persistent_load("
            for child in children { write(child, machine, depth: depth + 1) }
            text += ")"
        case .computedGlobal:
            text += "find_class("
            for (index, child) in children.enumerated() {
                if index > 0 { text += ", " }
                write(child, machine, depth: depth + 1)
            }
            text += ")"
        case .view:
            text += "memoryview("
            for child in children { write(child, machine, depth: depth + 1) }
            text += ")"
        }
    }

    private mutating func writeArguments(
        _ arguments: PickleValue, _ keywords: PickleValue?, _ machine: borrowing PickleMachine, depth: Int
    ) {
        if let node = machine.node(arguments), node.kind == .tuple {
            let children = machine.children(arguments, limit: 40)
            for (index, child) in children.enumerated() {
                if isFull { break }
                if index > 0 { text += ", " }
                write(child, machine, depth: depth + 1)
            }
            if Int(node.count) > children.count { text += children.isEmpty ? "…" : ", …" }
        } else {
            text += "*"
            write(arguments, machine, depth: depth + 1)
        }
        if let keywords, machine.node(keywords)?.count != 0 {
            text += ", **"
            write(keywords, machine, depth: depth + 1)
        }
    }

    private mutating func write(
        _ children: [PickleValue], _ open: String, _ close: String, _ node: PickleNode,
        _ machine: borrowing PickleMachine, _ depth: Int
    ) {
        text += open
        for (index, child) in children.enumerated() {
            if isFull { break }
            if index > 0 { text += ", " }
            write(child, machine, depth: depth + 1)
        }
        if Int(node.count) > children.count { text += children.isEmpty ? "…" : ", …" }
        text += close
    }

    /// The text as Python's `repr` writes it, cut at `limit` characters.
    static func quoted(_ text: String, limit: Int) -> String {
        var body = String.UnicodeScalarView()
        var count = 0
        let mark = quotationMark(of: text.unicodeScalars.prefix(limit).lazy.map(\.value))
        for scalar in text.unicodeScalars {
            count += 1
            if count > limit {
                body.append("…")
                break
            }
            switch scalar {
            case "\n": body += "\\n".unicodeScalars
            case "\r": body += "\\r".unicodeScalars
            case "\t": body += "\\t".unicodeScalars
            case "\\", mark: body += ["\\", scalar]
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    body += "\\x\(hex(UInt8(scalar.value)))".unicodeScalars
                } else {
                    body.append(scalar)
                }
            }
        }
        return "\(mark)\(String(body))\(mark)"
    }

    private static func quoted(bytes: [UInt8], limit: Int) -> String {
        let mark = quotationMark(of: bytes.prefix(limit).lazy.map(UInt32.init))
        var body = ""
        for byte in bytes.prefix(limit) {
            let scalar = Unicode.Scalar(byte)
            switch byte {
            case 0x5C, UInt8(truncatingIfNeeded: mark.value): body += "\\\(scalar)"
            case 0x20..<0x7F: body.unicodeScalars.append(scalar)
            default: body += "\\x" + hex(byte)
            }
        }
        return "\(mark)\(body)\(bytes.count > limit ? "…" : "")\(mark)"
    }

    /// The quotation mark that Python takes: the double one where the text holds the single one alone.
    private static func quotationMark(of scalars: some Sequence<UInt32>) -> Unicode.Scalar {
        var isSingle = true
        for scalar in scalars {
            if scalar == 0x22 { return "'" }
            if scalar == 0x27 { isSingle = false }
        }
        return isSingle ? "'" : "\""
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = Array("0123456789abcdef".unicodeScalars)
        return String(digits[Int(byte >> 4)]) + String(digits[Int(byte & 15)])
    }
}
