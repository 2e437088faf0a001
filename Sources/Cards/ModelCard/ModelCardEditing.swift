package import Documents

// Changes touch the lines of what they change; everything else stays as it is, byte for byte.
extension ModelCard {
    /// Sets a member of the metadata, or removes it with nil.
    ///
    /// A member keeps its place; a new one comes last; a card without a block gets one. Comments and blank lines around
    /// it stay. Where the text leaves no such way (flow notation, an anchor that others refer to), the whole block is
    /// written anew, and the Markdown stays.
    /// - Throws: `DocumentError` when no card with that metadata can be written.
    package mutating func set(_ name: String, to value: DocumentValue?) throws(DocumentError) {
        var wanted = metadata
        wanted[name] = value
        if wanted == metadata, value != nil || metadata[name] == nil { return }
        // A text that ends with a line feed may need a blank line before the fence, whose own line end is none of YAML's.
        for attempt in [
            edited(name, value), edited(name, value, endsWithBlank: true), rewritten(wanted),
            rewritten(wanted, endsWithBlank: true),
        ] {
            guard let attempt, let card = try? ModelCard(attempt, kind: kind), card.body == body else { continue }
            if card.metadata.hasSameMembers(as: wanted) { return self = card }
        }
        throw DocumentError(line: 0, message: "\(name) cannot be written so that it reads back")
    }

    /// A new card.
    package init(metadata: DocumentValue, body: String, kind: Kind) throws(DocumentError) {
        let yaml = DocumentWriter.yaml(metadata, schema: .yaml11)
        for fence in ["---\n", "\n---\n"] {
            try self.init(Array("---\n".utf8) + yaml + Array((fence + body).utf8), kind: kind)
            if self.metadata.hasSameMembers(as: metadata), self.body == body { return }
        }
        throw DocumentError(line: 0, message: "the metadata cannot be written so that it reads back")
    }

    /// The line end that the card uses most, found as the Hub finds it.
    var lineEnd: [UInt8] {
        let feeds = bytes.count { $0 == 0x0A }
        let returns = bytes.count { $0 == 0x0D }
        let pairs = zip(bytes, bytes.dropFirst()).count { $0 == 0x0D && $1 == 0x0A }
        if pairs > 0, pairs == feeds, pairs == returns { return [0x0D, 0x0A] }
        return returns > feeds ? [0x0D] : [0x0A]
    }

    /// The lines of one member of the metadata, with the line ends of the card.
    private func lines(_ name: String, _ value: DocumentValue, indentation: Int) -> [UInt8] {
        let object = DocumentValue(.object([DocumentValue.Member(name: name, value: value)]))
        let end = lineEnd
        var result: [UInt8] = []
        for line in DocumentWriter.yaml(object, schema: .yaml11).split(
            separator: 0x0A, omittingEmptySubsequences: false
        )
        .dropLast() {
            if !line.isEmpty { result += [UInt8](repeating: 0x20, count: indentation) + line }
            result += end
        }
        return result
    }

    /// The whole card with a new block.
    private func rewritten(_ metadata: DocumentValue, endsWithBlank: Bool = false) -> [UInt8]? {
        let end = lineEnd
        let fence = Array("---".utf8) + end
        var yaml: [UInt8] = []
        if !metadata.members.isEmpty {
            for line in DocumentWriter.yaml(metadata, schema: .yaml11)
                .split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
            {
                yaml += line + end
            }
        } else {
            // A block needs a line of its own.
            yaml = end
        }
        if endsWithBlank { yaml += end }
        guard let frontMatter else { return fence + yaml + fence + Array(body.utf8) }
        // The closing fence begins with a line end, which the YAML's last line has brought.
        let closing = bytes[frontMatter.closing].drop { $0 == 0x0D || $0 == 0x0A }
        return Array(bytes[frontMatter.opening]) + yaml + Array(closing)
            + Array(bytes[frontMatter.closing.upperBound...])
    }

    /// The card with the lines of one member replaced; nil where its lines cannot be told from the others'.
    private func edited(_ name: String, _ value: DocumentValue?, endsWithBlank: Bool = false) -> [UInt8]? {
        guard let block = frontMatter, !members.isEmpty else { return nil }
        let starts = [block.yaml.lowerBound] + lineStarts(in: bytes, within: block.yaml)
        guard members.allSatisfy({ $0.line >= 1 && $0.line <= starts.count }),
            zip(members, members.dropFirst()).allSatisfy({ $0.line < $1.line })
        else { return nil }
        let first = starts[members[0].line - 1]
        let indentation = bytes[first..<block.yaml.upperBound].prefix { $0 == 0x20 }.count
        guard indentation == 0 || first + indentation < block.yaml.upperBound,
            bytes[first + indentation] != UInt8(ascii: "{")
        else { return nil }
        let places = members.indices.filter { members[$0].name.utf8.elementsEqual(name.utf8) }
        let new = value.map { lines(name, $0, indentation: indentation) } ?? []
        guard !places.isEmpty else {
            // After the last line, which has no line end of its own: that one belongs to the closing fence.
            guard let value else { return nil }
            let new = lines(name, value, indentation: indentation)
            let added = lineEnd + new.dropLast(endsWithBlank ? 0 : lineEnd.count)
            return Array(bytes[..<block.yaml.upperBound]) + added + Array(bytes[block.yaml.upperBound...])
        }
        var result = bytes
        for place in places.reversed() {
            let start = starts[members[place].line - 1]
            let next = place + 1 < members.count ? starts[members[place + 1].line - 1] : block.yaml.upperBound
            let end = self.end(of: start..<next, starts: starts, indentation: indentation)
            let isLast = end == block.yaml.upperBound
            // The value that counts keeps the place of its last writing.
            let replacement =
                place == places.last ? (isLast && !endsWithBlank ? Array(new.dropLast(lineEnd.count)) : new) : []
            if replacement.isEmpty, isLast {
                // The line end before goes with the last line.
                let before = starts.last { $0 < start }.map { _ in lineEndBefore(start) } ?? start
                result.replaceSubrange(before..<end, with: [])
            } else {
                result.replaceSubrange(start..<end, with: replacement)
            }
        }
        return result
    }

    /// Where the line end before a line begins.
    private func lineEndBefore(_ start: Int) -> Int {
        if start >= 2, bytes[start - 1] == 0x0A, bytes[start - 2] == 0x0D { return start - 2 }
        return max(0, start - 1)
    }

    /// Where a member ends: before the blank lines and comments that lead to the next one.
    private func end(of range: Range<Int>, starts: [Int], indentation: Int) -> Int {
        let lines = starts.filter { range.contains($0) }
        var end = range.upperBound
        for (position, start) in lines.enumerated().reversed() where position > 0 {
            let line = bytes[start..<end]
            let spaces = line.prefix { $0 == 0x20 }.count
            let rest = line.dropFirst(spaces).first
            let isBlank = rest == nil || rest == 0x0A || rest == 0x0D
            let isComment = rest == UInt8(ascii: "#") && spaces <= indentation
            guard isBlank || isComment else { break }
            end = start
        }
        return end
    }
}

extension DocumentValue {
    /// Whether two objects have the same members, in whatever order; numbers by what they are worth.
    fileprivate func hasSameMembers(as other: DocumentValue) -> Bool {
        guard members.count == other.members.count else { return false }
        return members.allSatisfy { member in other[member.name].map { $0.isEquivalent(to: member.value) } ?? false }
    }
}
