/// Reads the notation with a stack of open groups.
struct PatternParser {
    let text: [UInt32]
    var at = 0
    private(set) var ignoresCase: Bool
    var tree = PatternTree()

    private struct Group {
        var branches: [[Int]] = [[]]
        var isLookaround = false
    }

    init(_ pattern: String, ignoresCase: Bool) {
        text = pattern.unicodeScalars.prefix(PatternTree.mostLetters + 1).map(\.value)
        self.ignoresCase = ignoresCase
    }

    func scalar(_ letter: Character) -> UInt32 { letter.unicodeScalars.first?.value ?? 0 }
    var next: UInt32? { at < text.count ? text[at] : nil }
    private func follows(_ sign: String) -> Bool {
        let scalars = sign.unicodeScalars.map(\.value)
        return at + scalars.count <= text.count && text[at..<(at + scalars.count)].elementsEqual(scalars)
    }

    private mutating func add(_ node: PatternTree.Node) -> Int {
        tree.nodes.append(node)
        return tree.nodes.count - 1
    }

    private mutating func close(_ group: Group) -> Int {
        let branches = group.branches.map { branch in
            branch.count == 1 ? branch[0] : add(branch.isEmpty ? .empty : .sequence(branch))
        }
        return branches.count == 1 ? branches[0] : add(.choice(branches))
    }

    mutating func parse() -> Bool {
        guard text.count <= PatternTree.mostLetters else { return false }
        var groups = [Group()]
        // Python refuses a quantifier of a quantifier.
        var isQuantified = false
        while let letter = next {
            guard let top = groups.indices.last else { return false }
            let wasQuantified = isQuantified
            isQuantified = false
            switch letter {
            case 0x28:  // (
                guard groups.count < PatternTree.mostDepth, let group = opened() else { return false }
                if let group { groups.append(group) }
                continue
            case 0x29:  // )
                at += 1
                guard groups.count > 1, let group = groups.popLast() else { return false }
                var node = close(group)
                if group.isLookaround {
                    tree.roots.append(node)
                    node = add(.assertion)
                }
                groups[top - 1].branches[groups[top - 1].branches.count - 1].append(node)
            case 0x7C:  // |
                at += 1
                groups[top].branches.append([])
            case 0x2A, 0x2B, 0x3F, 0x7B:  // * + ? {
                let branch = groups[top].branches.count - 1
                guard let counts = counts() else {
                    // A brace that counts nothing stands for itself.
                    at += 1
                    groups[top].branches[branch].append(add(.characters(one(letter))))
                    continue
                }
                guard !wasQuantified, let last = groups[top].branches[branch].popLast() else { return false }
                isQuantified = true
                groups[top].branches[branch].append(add(.loop(last, least: counts.least, most: counts.most)))
                if next == 0x2B { return false }
                if next == 0x3F { at += 1 }
            default:
                guard let node = atom(letter) else { return false }
                groups[top].branches[groups[top].branches.count - 1].append(node)
            }
        }
        guard groups.count == 1 else { return false }
        tree.roots.append(close(groups[0]))
        return true
    }

    /// What a bracket opens; an inner nil for a comment or flags, nil where it is not followed.
    private mutating func opened() -> Group?? {
        at += 1
        guard next == 0x3F else { return .some(Group()) }
        for sign in ["?:", "?P<", "?=", "?!", "?<=", "?<!", "?<"] where follows(sign) {
            at += sign.unicodeScalars.count
            if sign == "?P<" || sign == "?<" {
                while let letter = next, letter != 0x3E { at += letter == 0x29 ? text.count : 1 }
                at += 1
            }
            return .some(Group(isLookaround: sign.hasSuffix("=") || sign.hasSuffix("!")))
        }
        if follows("?P=") || follows("?#") {
            let isReference = follows("?P=")
            while let letter = next, letter != 0x29 {
                at += 1
                if letter == 0x5C { at += 1 }
            }
            at += 1
            if isReference { return nil }
            return .some(nil)
        }
        at += 1
        var isOff = false
        while let letter = next {
            at += 1
            switch letter {
            case 0x29: return .some(nil)
            case 0x3A: return .some(Group())
            case 0x2D: isOff = true
            case 0x69: if !isOff { ignoresCase = true }
            // Spaces that mean nothing would be taken for themselves.
            case 0x78: if !isOff { return nil }
            case 0x61, 0x4C, 0x6D, 0x73, 0x75: break
            default: return nil
            }
        }
        return nil
    }

    private mutating func counts() -> (least: Int, most: Int?)? {
        switch next {
        case 0x2A:
            at += 1
            return (0, nil)
        case 0x2B:
            at += 1
            return (1, nil)
        case 0x3F:
            at += 1
            return (0, 1)
        default:
            let end = text[at...].prefix(24).firstIndex(of: 0x7D) ?? at
            let body = text[at..<end].dropFirst()
            let parts = body.split(separator: 0x2C, omittingEmptySubsequences: false)
            guard (1...2).contains(parts.count), !body.isEmpty,
                body.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2C }), body.contains(where: { $0 != 0x2C })
            else { return nil }
            let numbers = parts.map { part in part.reduce(0) { min(1 << 24, $0 * 10 + Int($1 - 0x30)) } }
            at = end + 1
            return (numbers[0], parts.count == 1 ? numbers[0] : parts[1].isEmpty ? nil : numbers[1])
        }
    }

    private mutating func atom(_ letter: UInt32) -> Int? {
        at += 1
        switch letter {
        case 0x2E: return add(.characters(.anyButNewline))
        case 0x5E, 0x24: return add(.assertion)
        case 0x5B: return set().map { add(.characters($0)) }
        case 0x5C:
            guard let escaped = next else { return nil }
            at += 1
            switch escaped {
            case scalar("b"), scalar("B"), scalar("A"), scalar("Z"), scalar("z"), scalar("G"), 0x31...0x39:
                return add(.assertion)
            default: return escape(escaped).map { add(.characters($0)) }
            }
        default: return add(.characters(one(letter)))
        }
    }
}
