/// Names that no list has, gathered by package: what builds many kinds of objects of one library is said once.
struct PickleStrangers {
    struct Package {
        let package: String
        /// Where the first of them is used.
        let offset: Int
        fileprivate(set) var names: [String] = []
        fileprivate var count = 0

        /// The names, for people.
        var listing: String { names.joined(separator: ", ") + (count > names.count ? " and others" : "") }
    }

    /// In the order in which they were met.
    private(set) var packages: [Package] = []
    private var places: [String: Int] = [:]

    private static let mostPackages = 512
    private static let mostNames = 8

    mutating func add(_ dotted: String, at offset: Int) {
        let package = String(dotted.prefix { $0 != "." })
        if places[package] == nil {
            guard packages.count < Self.mostPackages else { return }
            places[package] = packages.count
            packages.append(Package(package: package, offset: offset))
        }
        guard let place = places[package] else { return }
        if packages[place].names.count < Self.mostNames, !packages[place].names.contains(dotted) {
            packages[place].names.append(dotted)
        }
        packages[place].count += 1
    }
}
