/// The digests of a manifest with their names, in few pieces of memory.
package struct ResourceList: RandomAccessCollection, Hashable, Sendable, ExpressibleByArrayLiteral {
    /// The names, in the order of the list.
    package private(set) var names = PathList()
    private var digests: [UInt8] = []
    /// Bytes of each digest; one list has digests of one algorithm.
    private var length = 0

    /// - Parameter digests: one after the other, all of the same length.
    init(names: PathList, digests: [UInt8], length: Int) {
        (self.names, self.digests, self.length) = (names, digests, length)
    }

    package init(_ resources: some Sequence<Manifest.Resource> = []) {
        for resource in resources { append(resource.name, resource.digest) }
    }

    package init(arrayLiteral elements: Manifest.Resource...) { self.init(elements) }

    package var startIndex: Int { 0 }
    package var endIndex: Int { names.count }
    package subscript(index: Int) -> Manifest.Resource {
        Manifest.Resource(name: names[index], digest: Array(digests[index * length..<(index + 1) * length]))
    }

    /// Adds a digest at the end; false for one of another length than those before.
    @discardableResult
    package mutating func append(_ name: ModelPath, _ digest: [UInt8]) -> Bool {
        if isEmpty { length = digest.count }
        guard digest.count == length else { return false }
        names.append(name)
        digests.append(contentsOf: digest)
        return true
    }

    /// All digests, one after the other.
    var joined: [UInt8] { digests }

    /// Bytes of a digest; 0 where there is none.
    var digestLength: Int { length }

    /// Whether the digest at `index` is the other list's at `place`.
    func hasDigest(_ index: Int, of other: ResourceList, _ place: Int) -> Bool {
        guard length == other.length else { return false }
        return digests[index * length..<(index + 1) * length]
            .elementsEqual(other.digests[place * length..<(place + 1) * length])
    }

    /// The same in the order of the names.
    var sorted: ResourceList {
        guard !names.isAscending else { return self }
        let order = names.order
        var arranged: [UInt8] = []
        arranged.reserveCapacity(digests.count)
        for index in order { arranged.append(contentsOf: digests[index * length..<(index + 1) * length]) }
        return ResourceList(names: names.arranged(order), digests: arranged, length: length)
    }
}
