internal import ByteParsing
internal import Documents

/// Splits a table's bytes into rows of cells, in constant memory but for one row.
struct RecordReader {
    /// Bytes of the longest row that is read.
    static let rowLimit = 16 << 20

    /// A cell, with whether it is missing by its notation (a null, a member that is not there).
    enum Cell {
        case missing
        case text([UInt8])
        case number([UInt8])
        case boolean(Bool)
    }

    /// Cells in the order of the columns, or why the row could not be read.
    enum Row {
        case header([String])
        case cells([Cell])
        case members([(name: String, cell: Cell)])
        case malformed
    }

    enum Format: Equatable { case separated(UInt8), lines }

    private let format: Format
    private var cell: [UInt8] = []
    private var cells: [Cell] = []
    private var line: [UInt8] = []
    private var rowBytes = 0
    private var isQuoted = false
    private var wasQuoted = false
    private var followsReturn = false
    private var isOverlong = false
    private var hasHeader = false

    init(_ format: Format) { self.format = format }

    mutating func take(_ byte: UInt8, _ body: (Row) -> Void) {
        rowBytes += 1
        if rowBytes > Self.rowLimit {
            isOverlong = true
            cell.removeAll()
            line.removeAll()
        }
        guard case .separated(let separator) = format else {
            if byte == 0x0A { return endLine(body) }
            if !isOverlong { line.append(byte) }
            return
        }
        if isQuoted {
            if byte == UInt8(ascii: "\"") {
                isQuoted = false
                wasQuoted = true
            } else if !isOverlong {
                cell.append(byte)
            }
            return
        }
        switch byte {
        case UInt8(ascii: "\"") where wasQuoted:
            // Two quotes within quotes stand for one.
            cell.append(byte)
            isQuoted = true
        case UInt8(ascii: "\"") where cell.isEmpty:
            isQuoted = true
        case separator: endCell()
        case 0x0A:
            if followsReturn, cells.isEmpty, cell.isEmpty, !wasQuoted { break }
            endRow(body)
        case 0x0D: endRow(body)
        default: if !isOverlong { cell.append(byte) }
        }
        followsReturn = byte == 0x0D
    }

    mutating func finish(_ body: (Row) -> Void) {
        if format == .lines { return endLine(body) }
        if isQuoted { isOverlong = true }
        if !cells.isEmpty || !cell.isEmpty || wasQuoted || isOverlong { endRow(body) }
    }

    private mutating func endCell() {
        if !isOverlong { cells.append(.text(cell)) }
        cell.removeAll(keepingCapacity: true)
        wasQuoted = false
    }

    private mutating func endRow(_ body: (Row) -> Void) {
        let isBlank = cells.isEmpty && cell.isEmpty && !wasQuoted && !isOverlong
        if !isBlank {
            endCell()
            if isOverlong {
                body(.malformed)
            } else if !hasHeader {
                hasHeader = true
                body(.header(cells.map { cell in if case .text(let bytes) = cell { Self.name(bytes) } else { "" } }))
            } else {
                body(.cells(cells))
            }
        }
        cells.removeAll(keepingCapacity: true)
        cell.removeAll(keepingCapacity: true)
        (rowBytes, isOverlong, isQuoted, wasQuoted) = (0, false, false, false)
    }

    /// A column's name; a byte order mark does not belong to it.
    private static func name(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
    }

    // MARK: JSON lines

    private mutating func endLine(_ body: (Row) -> Void) {
        defer {
            line.removeAll(keepingCapacity: true)
            (rowBytes, isOverlong) = (0, false)
        }
        if isOverlong { return body(.malformed) }
        guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }
        var dialect = JSONDocument.Dialect.tolerant
        dialect.depth = 64
        dialect.nodes = 200_000
        guard let root = try? JSONDocument(ByteRegion(line), dialect: dialect).root, root.isObject else {
            return body(.malformed)
        }
        var members: [(name: String, cell: Cell)] = []
        for (name, value) in root.members { members.append((name.string ?? "", Self.cell(value))) }
        body(.members(members))
    }

    /// Objects and arrays count as the text that writes them.
    private static func cell(_ value: JSONValue) -> Cell {
        switch value.kind {
        case .null: .missing
        case .true: .boolean(true)
        case .false: .boolean(false)
        case .number: .number(Array((value.numberText ?? "").utf8))
        case .string: .text(value.stringBytes)
        case .object, .array:
            .text(Array(DocumentWriter.json(DocumentValue(value), indentation: 0).dropLast()))
        }
    }
}
