/// A JSON Pointer (RFC 6901): the way from a document's root to one of its values.
package struct DocumentPointer: Sendable, Hashable, CustomStringConvertible {
    /// Names of members and numbers of elements, without the escapes of RFC 6901.
    package var tokens: [String]

    package init(_ tokens: [String] = []) { self.tokens = tokens }

    /// Nil when the text is no pointer: it starts with a slash or is empty, and `~` is followed by 0 or 1.
    package init?(text: String) {
        guard !text.utf8.isEmpty else {
            tokens = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var tokens: [String] = []
        for raw in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            var token: [UInt8] = []
            var left = raw.makeIterator()
            while let byte = left.next() {
                guard byte == UInt8(ascii: "~") else {
                    token.append(byte)
                    continue
                }
                switch left.next() {
                case UInt8(ascii: "0"): token.append(UInt8(ascii: "~"))
                case UInt8(ascii: "1"): token.append(UInt8(ascii: "/"))
                default: return nil
                }
            }
            tokens.append(String(decoding: token, as: UTF8.self))
        }
        self.tokens = tokens
    }

    package var description: String {
        var bytes: [UInt8] = []
        for token in tokens {
            bytes.append(UInt8(ascii: "/"))
            for byte in token.utf8 {
                switch byte {
                case UInt8(ascii: "~"): bytes.append(contentsOf: "~0".utf8)
                case UInt8(ascii: "/"): bytes.append(contentsOf: "~1".utf8)
                default: bytes.append(byte)
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The pointer to a member of what this one leads to.
    package func appending(_ token: String) -> DocumentPointer { DocumentPointer(tokens + [token]) }
    /// The pointer to an element of what this one leads to.
    package func appending(_ index: Int) -> DocumentPointer { appending(String(index)) }
}

extension DocumentValue {
    /// The value that a pointer leads to, or nil.
    package func at(_ pointer: DocumentPointer) -> DocumentValue? {
        var value = self
        for token in pointer.tokens {
            let next =
                switch value.content {
                case .object: value[token]
                case .array: Self.index(token).flatMap { value[$0] }
                default: nil as DocumentValue?
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }

    /// The value that a pointer's text leads to, or nil.
    package func at(pointer text: String) -> DocumentValue? { DocumentPointer(text: text).flatMap { at($0) } }

    /// Puts a value where the pointer leads, with objects for the names on the way that are missing; the place after an
    /// array's last element (`-` or its number) appends.
    /// - Returns: false, and nothing is changed, when the way leads through something else.
    @discardableResult
    package mutating func set(_ value: DocumentValue, at pointer: DocumentPointer) -> Bool {
        set(value, at: pointer.tokens[...])
    }

    private mutating func set(_ value: DocumentValue, at tokens: ArraySlice<String>) -> Bool {
        guard let token = tokens.first else {
            self = value
            return true
        }
        switch content {
        case .array(var elements):
            guard let index = token == "-" ? elements.count : Self.index(token), index <= elements.count else {
                return false
            }
            if index == elements.count { elements.append(.emptyObject) }
            guard elements[index].set(value, at: tokens.dropFirst()) else { return false }
            content = .array(elements)
        case .object:
            var child = self[token] ?? .emptyObject
            guard child.set(value, at: tokens.dropFirst()) else { return false }
            self[token] = child
        default: return false
        }
        return true
    }

    /// Takes away what the pointer leads to; false when there is nothing.
    @discardableResult
    package mutating func remove(at pointer: DocumentPointer) -> Bool { remove(at: pointer.tokens[...]) }

    private mutating func remove(at tokens: ArraySlice<String>) -> Bool {
        guard let token = tokens.first else { return false }
        let isLast = tokens.count == 1
        switch content {
        case .array(var elements):
            guard let index = Self.index(token), elements.indices.contains(index) else { return false }
            if isLast {
                elements.remove(at: index)
            } else {
                guard elements[index].remove(at: tokens.dropFirst()) else { return false }
            }
            content = .array(elements)
        case .object:
            guard var child = self[token] else { return false }
            if isLast {
                self[token] = nil
            } else {
                guard child.remove(at: tokens.dropFirst()) else { return false }
                self[token] = child
            }
        default: return false
        }
        return true
    }

    /// An array's place: digits without a leading zero.
    private static func index(_ token: String) -> Int? {
        guard token.utf8.allSatisfy({ (0x30...0x39).contains($0) }), token == "0" || token.utf8.first != 0x30 else {
            return nil
        }
        return Int(token)
    }
}
