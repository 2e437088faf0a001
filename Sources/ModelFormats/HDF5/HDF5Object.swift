package import ByteParsing

/// One named object of an HDF5 file: a group, a dataset or a committed datatype.
package struct HDF5Object: Sendable {
    package enum Kind: Sendable { case group, dataset, datatype }
    /// Absolute path, `/` for the root; a very long one is cut in the middle.
    package let path: String
    package let address: Int
    package internal(set) var kind = Kind.group
    package internal(set) var links: [HDF5Link] = []
    package internal(set) var attributes: [HDF5Attribute] = []
    package internal(set) var datatype: HDF5Datatype?
    package internal(set) var dataspace: HDF5Dataspace?
    package internal(set) var layout: HDF5Layout?
    package internal(set) var filters: [HDF5Filter] = []
    /// Files outside of this one that hold the dataset's values.
    package internal(set) var externalFiles: [HDF5ExternalFile] = []
    /// Files and datasets that a virtual dataset is put together from.
    package internal(set) var virtualSources: [HDF5VirtualSource] = []
    /// What could not be followed while this object was read; the rest of it stands.
    package internal(set) var failures: [ParseError] = []

    init(path: String, address: Int) {
        self.path = path
        self.address = address
    }
}

package struct HDF5Link: Sendable, Hashable {
    package enum Target: Sendable, Hashable {
        case hard(Int)
        /// A path inside of this file.
        case soft(String)
        /// A path inside of another file.
        case external(file: String, path: String)
        /// A link class that a plug-in defines, by its number.
        case userDefined(Int)
    }
    package let name: String
    package let target: Target
}

package struct HDF5Attribute: Sendable {
    package let name: String
    /// Nil when the type could not be read.
    package let datatype: HDF5Datatype?
    package let dataspace: HDF5Dataspace?
    /// The stored bytes; of variable-length values only the references.
    package let data: ByteRegion
    /// The values as text or bytes where they are that: one for a string, several for an array of strings.
    package let values: [ByteRegion]
}

package struct HDF5Filter: Sendable, Hashable {
    package static let deflate = 1, shuffle = 2, fletcher32 = 3
    package let id: Int
    package let name: String
    /// Parameters of the filter.
    package let values: [Int]
}

package struct HDF5ExternalFile: Sendable, Hashable {
    package let name: String
    package let offset: UInt64
    package let size: UInt64
}

package struct HDF5VirtualSource: Sendable, Hashable {
    /// `.` stands for this file.
    package let file: String
    package let dataset: String
}

/// How a dataset's values are stored.
package enum HDF5Layout: Sendable {
    case compact(ByteRegion)
    /// Address (nil while nothing was written) and length.
    case contiguous(address: Int?, size: UInt64)
    /// Extent of a chunk in elements, and where the chunks are listed.
    case chunked(shape: [Int], index: HDF5ChunkIndex)
    case virtual(address: Int?, index: Int)

    package var name: String {
        switch self {
        case .compact: "compact"
        case .contiguous: "contiguous"
        case .chunked: "chunked"
        case .virtual: "virtual"
        }
    }
}

/// The structure that lists a dataset's chunks.
package enum HDF5ChunkIndex: Sendable {
    /// Version 1 B-tree.
    case tree(Int?)
    /// The one chunk; its stored size when filters changed it, and bits of filters that were left out.
    case single(Int?, size: UInt64?, mask: Int)
    /// Chunks one after the other.
    case implicit(Int?)
    case fixedArray(Int?)
    case extensibleArray(Int?)
    /// Version 2 B-tree.
    case tree2(Int?)
}
