internal import AssayCore
internal import ByteParsing
internal import Documents

extension TableStatistics {
    /// The counts of a table that is being read.
    struct Counting {
        private let settings: TableStatistics
        private var columns: [ColumnCounting] = []
        private var places: [[UInt8]: Int] = [:]
        private var rows = 0
        private var malformed = 0
        private var duplicates = 0
        private var seen: Set<Digest> = []
        private var isFull = false
        private var leftOut: Set<[UInt8]> = []
        private var classes = Tally()
        private var labellers = Tally()
        private var classPlace: Int?
        private var labellerPlace: Int?

        init(settings: TableStatistics) { self.settings = settings }

        var hasColumns: Bool { !columns.isEmpty }

        func place(of name: String) -> Int? { places[Array(name.utf8)] }

        mutating func take(_ row: RecordReader.Row) {
            switch row {
            case .header(let names): for name in names { add(name) }
            case .malformed: malformed += 1
            case .cells(let cells):
                guard cells.count == columns.count else { return malformed += 1 }
                take(cells)
            case .members(let members):
                for member in members where places[Array(member.name.utf8)] == nil { add(member.name) }
                var cells = [RecordReader.Cell](repeating: .missing, count: columns.count)
                for member in members {
                    if let place = places[Array(member.name.utf8)] { cells[place] = member.cell }
                }
                take(cells)
            }
        }

        private mutating func add(_ name: String) {
            let key = Array(name.utf8)
            // Columns of one name are all counted in a separated table; the first of them bears the name.
            if settings.format == .jsonl, columns.count >= TableStatistics.columnLimit {
                leftOut.insert(key)
                return
            }
            if places[key] == nil { places[key] = columns.count }
            var column = ColumnCounting(name: name)
            column.missing = rows
            columns.append(column)
            func role(_ wanted: String?, _ usual: [String], _ place: inout Int?) {
                guard place == nil else { return }
                if wanted.map({ Array($0.utf8) == key }) ?? usual.contains(name.lowercased()) {
                    place = columns.count - 1
                }
            }
            role(settings.classColumn, TableStatistics.classNames, &classPlace)
            role(settings.labellerColumn, TableStatistics.labellerNames, &labellerPlace)
        }

        private mutating func take(_ cells: [RecordReader.Cell]) {
            rows += 1
            var row: [UInt8] = []
            for (place, cell) in cells.enumerated() {
                let value = columns[place].take(cell)
                // Missing cells leave no trace: a column that turns up later changes no earlier row.
                if let value { row += Self.digits(place) + Self.digits(value.count) + value }
                if place == classPlace { classes.take(value) }
                if place == labellerPlace { labellers.take(value) }
            }
            guard seen.count < TableStatistics.remembered else { return isFull = true }
            if !seen.insert(Digest(sha256: ByteRegion(row))).inserted { duplicates += 1 }
        }

        private static func digits(_ count: Int) -> [UInt8] {
            (0..<8).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        }

        // MARK: Result

        func write(to result: inout DocumentValue) {
            result["rows"] = .integer(rows)
            result["malformed"] = .integer(malformed)
            result["duplicates"] = .integer(duplicates)
            result["columns"] = .array(columns.map(\.document))
            var limits: [String] = []
            if let place = classPlace {
                result["classes"] = classTable(columns[place].name)
                if settings.classColumn == nil {
                    limits.append("The column \(columns[place].name) is taken for the class by its name.")
                }
            }
            if let place = labellerPlace {
                let total = labellers.total
                var table = DocumentValue.object([
                    "column": .string(columns[place].name), "count": .integer(labellers.counts.count),
                    "missing": .integer(labellers.missing),
                ])
                if let largest = labellers.ranked.first, total > 0 {
                    table["largest"] = .object([
                        "labeller": .string(String(decoding: largest.value, as: UTF8.self)),
                        "count": .integer(largest.count), "share": .double(Double(largest.count) / Double(total)),
                    ])
                }
                result["labellers"] = table
                if settings.labellerColumn == nil {
                    limits.append("The column \(columns[place].name) is taken for the labeller by its name.")
                }
            }
            if isFull {
                limits.append("Duplicates were counted among the first \(TableStatistics.remembered) different rows.")
            }
            if classes.isCut || labellers.isCut {
                limits.append("Classes and labellers beyond \(TableStatistics.distinct) are left out.")
            }
            if !leftOut.isEmpty {
                limits.append("\(leftOut.count) columns beyond \(TableStatistics.columnLimit) are left out.")
            }
            limits.append("Empty cells, nulls and the words NA, N/A, NaN, null and None count as missing.")
            result["limits"] = .strings(limits)
        }

        private func classTable(_ column: String) -> DocumentValue {
            let all = classes.ranked
            let total = classes.total
            let listed = all.prefix(TableStatistics.classes).map { value, count -> DocumentValue in
                .object([
                    "value": .string(String(decoding: value, as: UTF8.self)), "count": .integer(count),
                    "share": .double(Double(count) / Double(max(total, 1))),
                ])
            }
            var table = DocumentValue.object([
                "column": .string(column), "values": .array(listed), "missing": .integer(classes.missing),
            ])
            if all.count > listed.count {
                table["others"] = .integer(all.dropFirst(listed.count).reduce(0) { $0 + $1.count })
            }
            if let first = all.first, let last = all.last, first.count > 0 {
                table["smallestToLargest"] = .double(Double(last.count) / Double(first.count))
            }
            return table
        }
    }
}
