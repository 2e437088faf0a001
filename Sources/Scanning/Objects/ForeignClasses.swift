internal import AssayCore

/// Classes of serialised objects that belong to no library of models: one finding for all of them.
enum ForeignClasses {
    /// Reports `names`, printable already; `objects` says whose they are.
    static func report(_ names: [String], of objects: String, in item: ScanItem, to scan: Scan) {
        guard let first = names.first else { return }
        scan.report(
            "OBJECT-STREAM",
            "reading \(objects) creates \(first)"
                + (names.count > 1 ? " and objects of \(names.count - 1) other classes" : "")
                + " of no library that is known for models", at: item.location, severity: .medium,
            details: [.init("classes", names.prefix(8).joined(separator: ", "))])
    }
}
