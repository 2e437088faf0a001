internal import AssayCore
internal import ByteParsing

/// A sorted text table of what Python names can do, searched where it lies in the program's image.
///
/// A line is `module TAB code TAB name name …`. The lines are sorted by their bytes, so all lines of a module stand
/// together, and a tab sorts before every character of a name. Codes: one letter of ``CallableTable/Code`` for a
/// callable; two for a class (what calling it does, what creating it without `__init__` and giving it state does);
/// `@` for attributes that lead elsewhere, written `name=target`; `<` for classes whose other methods are those of a
/// base class, written `name=base`. The name `*` stands for everything in the module and
/// its submodules that no other line names, `^` for what is spelled like a class there. A name may end in `>witness`:
/// the primitive that the analysis saw it reach. Lines that begin with `#` are comments.
struct CallableTable: Sendable {
    /// What one name's entry says.
    struct Entry: Sendable, Hashable {
        var called: Capability
        /// For classes: creation without `__init__`, with state; nil when the entry makes no difference.
        var state: Capability?
        /// The primitive that the analysis saw it reach.
        var witness: String?
    }

    private let region: ByteRegion

    init(_ region: ByteRegion) { self.region = region }

    /// The table written by hand.
    static let curated = CallableTable(Resource.named("python/curated.txt") ?? ByteRegion([]))
    /// The table that the offline analysis of the libraries' sources wrote.
    static let analysed = CallableTable(Resource.named("python/analysed.txt") ?? ByteRegion([]))

    /// The capability that a code letter stands for.
    static func capability(of code: UInt8) -> Capability? {
        switch code {
        case UInt8(ascii: "x"): .codeExecution
        case UInt8(ascii: "n"): .nativeCode
        case UInt8(ascii: "i"): .importByString
        case UInt8(ascii: "l"): .indirectLoad
        case UInt8(ascii: "c"): .codeObject
        case UInt8(ascii: "f"): .file
        case UInt8(ascii: "w"): .network
        case UInt8(ascii: "a"): .attributeAccess
        case UInt8(ascii: "s"): .processState
        case UInt8(ascii: "u"): .unknownCall
        case UInt8(ascii: "k"): .unknownClassState
        case UInt8(ascii: "p"): .pure
        default: nil
        }
    }

    /// The lines of one module, or nil when the table has none.
    func module(_ name: ArraySlice<UInt8>) -> Module? {
        let bytes = region.bytes
        let first = lowerBound(of: name)
        guard first < bytes.byteCount, key(at: first, matches: name), Self.isName(name) else { return nil }
        return Module(table: region, start: first, nameLength: name.count)
    }

    /// Whether a name could stand in the table: none holds what separates its fields.
    private static func isName(_ name: ArraySlice<UInt8>) -> Bool {
        name.allSatisfy { $0 > UInt8(ascii: " ") && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">") }
    }

    /// Offset of the first line whose module is not less than `name`.
    private func lowerBound(of name: ArraySlice<UInt8>) -> Int {
        let bytes = region.bytes
        var low = 0
        var high = bytes.byteCount
        // Invariant: `low` is the start of a line, every line before it is less; every line from `high` on is not.
        while low < high {
            let middle = low &+ (high &- low) / 2
            var start = middle
            while start > low, bytes.byte(at: start &- 1) != UInt8(ascii: "\n") { start &-= 1 }
            if isLess(at: start, than: name) {
                var end = middle
                while end < high, bytes.byte(at: end) != UInt8(ascii: "\n") { end &+= 1 }
                low = min(end &+ 1, high)
            } else {
                high = start
            }
        }
        return low
    }

    private func isLess(at start: Int, than name: ArraySlice<UInt8>) -> Bool {
        let bytes = region.bytes
        var position = start
        for wanted in name {
            guard let byte = bytes.byte(at: position), byte != UInt8(ascii: "\t") else { return true }
            if byte != wanted { return byte < wanted }
            position &+= 1
        }
        return false
    }

    private func key(at start: Int, matches name: ArraySlice<UInt8>) -> Bool {
        let bytes = region.bytes
        var position = start
        for wanted in name {
            guard bytes.byte(at: position) == wanted else { return false }
            position &+= 1
        }
        return bytes.byte(at: position) == UInt8(ascii: "\t")
    }

    /// All lines of one module.
    struct Module {
        private let table: ByteRegion
        private let start: Int
        private let nameLength: Int

        fileprivate init(table: ByteRegion, start: Int, nameLength: Int) {
            self.table = table
            self.start = start
            self.nameLength = nameLength
        }

        /// What the module's lines say of `name`, which may be dotted, `*` or `^`.
        func entry(_ name: ArraySlice<UInt8>) -> Entry? {
            guard let (code, item) = find(name, in: .capabilities) else { return nil }
            let bytes = table.bytes
            guard let first = bytes.byte(at: code.lowerBound), let called = CallableTable.capability(of: first) else {
                return nil
            }
            let state = code.count > 1 ? bytes.byte(at: code.lowerBound &+ 1).flatMap(CallableTable.capability) : nil
            return Entry(called: called, state: state, witness: text(item.upperBound, after: UInt8(ascii: ">")))
        }

        /// Where the attribute `name` leads, or nil when no line says so.
        func target(_ name: ArraySlice<UInt8>) -> [UInt8]? {
            guard let (_, item) = find(name, in: .reexports) else { return nil }
            return text(item.upperBound, after: UInt8(ascii: "=")).map { Array($0.utf8) }
        }

        /// The base class whose methods the class `name` has too, or nil when no line says so.
        func base(_ name: ArraySlice<UInt8>) -> [UInt8]? {
            guard let (_, item) = find(name, in: .inheritance) else { return nil }
            return text(item.upperBound, after: UInt8(ascii: "=")).map { Array($0.utf8) }
        }

        private enum LineKind {
            case capabilities
            case reexports
            case inheritance

            init(_ code: UInt8?) {
                switch code {
                case UInt8(ascii: "@"): self = .reexports
                case UInt8(ascii: "<"): self = .inheritance
                default: self = .capabilities
                }
            }
        }

        /// The field that begins with `mark` at `offset`, up to the next separator.
        private func text(_ offset: Int, after mark: UInt8) -> String? {
            let bytes = table.bytes
            guard bytes.byte(at: offset) == mark else { return nil }
            var end = offset &+ 1
            while let byte = bytes.byte(at: end), byte > UInt8(ascii: " ") { end &+= 1 }
            return String(decoding: bytes.extracting((offset &+ 1)..<end).array(), as: UTF8.self)
        }

        /// Walks the module's lines: the place of the line's code and of the name within it.
        private func find(_ name: ArraySlice<UInt8>, in kind: LineKind) -> (code: Range<Int>, name: Range<Int>)? {
            // A name that holds a separator would run on into the fields and lines behind the place it is sought in.
            guard CallableTable.isName(name) else { return nil }
            let bytes = table.bytes
            var line = start
            repeat {
                let code = line &+ nameLength &+ 1
                var position = code
                while let byte = bytes.byte(at: position), byte != UInt8(ascii: "\t") { position &+= 1 }
                let codeEnd = position
                guard LineKind(bytes.byte(at: code)) == kind else {
                    guard let next = nextLine(after: codeEnd, sameModuleAs: line) else { return nil }
                    line = next
                    continue
                }
                position &+= 1
                while let byte = bytes.byte(at: position), byte != UInt8(ascii: "\n") {
                    let begin = position
                    var end = position
                    var differs = false
                    for wanted in name {
                        guard bytes.byte(at: end) == wanted else {
                            differs = true
                            break
                        }
                        end &+= 1
                    }
                    if !differs, isEnd(bytes.byte(at: end)) { return (code..<codeEnd, begin..<end) }
                    while let byte = bytes.byte(at: end), byte > UInt8(ascii: " ") { end &+= 1 }
                    position = bytes.byte(at: end) == UInt8(ascii: " ") ? end &+ 1 : end
                }
                guard let next = nextLine(after: position, sameModuleAs: line) else { return nil }
                line = next
            } while true
        }

        private func isEnd(_ byte: UInt8?) -> Bool {
            switch byte {
            case nil, UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "="), UInt8(ascii: ">"): true
            default: false
            }
        }

        private func nextLine(after offset: Int, sameModuleAs line: Int) -> Int? {
            let bytes = table.bytes
            var position = offset
            while let byte = bytes.byte(at: position), byte != UInt8(ascii: "\n") { position &+= 1 }
            position &+= 1
            for index in 0...nameLength where bytes.byte(at: position &+ index) != bytes.byte(at: line &+ index) {
                return nil
            }
            return position < bytes.byteCount ? position : nil
        }
    }
}
