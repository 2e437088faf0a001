/// The files that a TensorFlow graph writes to or fills tables from, as far as its constants name them: through functions
/// that the names are handed to.
///
/// Followed are calls by operators (`PartitionedCall`, `While`, `If` and their like), not those that a loader makes by
/// what it reads in the object graph.
package struct TensorFlowFiles: Sendable {
    /// What an operator has to do with the names of files.
    enum Role {
        case constant
        /// Hands its first input on.
        case passing
        /// Writes to the file that its first input names.
        case saver
        /// Reads from the file that its second input names.
        case table
        /// Calls a function with its inputs but the first few.
        case call(skipping: Int)

        init?(_ type: String) {
            switch type {
            case "Const": self = .constant
            case "Identity", "StopGradient", "Snapshot": self = .passing
            case "Save", "SaveV2", "SaveSlices", "SaveDataset", "SaveDatasetV2": self = .saver
            case "InitializeTableFromTextFile", "InitializeTableFromTextFileV2": self = .table
            case "PartitionedCall", "StatefulPartitionedCall", "While", "StatelessWhile", "_While":
                self = .call(skipping: 0)
            case "If", "StatelessIf", "_If", "Case", "StatelessCase", "RemoteCall", "TPUPartitionedCall":
                self = .call(skipping: 1)
            default: return nil
            }
        }
    }

    /// A node of the graph (0) or of a function.
    private struct Place: Hashable {
        let scope: Int
        let node: String

        /// Within a function an input is written `node:output:number`, in the graph `node:number`.
        init(_ scope: Int, _ input: String) {
            self.scope = scope
            node = String(input.prefix { $0 != ":" })
        }
    }

    private struct User {
        let type: String
        let input: Place?
        let offset: Int
    }

    /// What is known of an input.
    private enum Source {
        case path(String)
        /// A constant that a loader fills in with the place of an asset.
        case asset
        case unknown
    }

    static let mostInputs = 1_024
    private static let kept = 100_000
    private static let mostArguments = 1_000_000
    /// Functions that hand a name on to each other.
    private static let deepest = 16
    /// Calls that are looked at for one name.
    private static let mostCalls = 1_024

    /// Whether the model has assets: a name from elsewhere may be one's.
    var hasAssets = false
    private var assets: Set<String> = []
    private var paths: [Place: String] = [:]
    private var aliases: [Place: Place] = [:]
    private var savers: [User] = []
    private var tables: [User] = []
    /// The arguments of each function, and its name.
    private var arguments: [[String]] = [[]]
    private var names: [String] = [""]
    private var argumentCount = 0
    private var calls: [String: [(scope: Int, inputs: [String])]] = [:]
    private var callCount = 0

    var hasRoomForCalls: Bool { callCount < Self.kept }

    /// The number of a function that is met.
    mutating func openFunction() -> Int {
        guard names.count < Self.kept else { return names.count - 1 }
        names.append("")
        arguments.append([])
        return names.count - 1
    }

    mutating func name(function: String, _ scope: Int) { names[scope] = function }

    mutating func add(argument: String, to scope: Int) {
        guard argumentCount < Self.mostArguments else { return }
        argumentCount += 1
        arguments[scope].append(argument)
    }

    mutating func add(asset tensor: String) {
        if assets.count < Self.kept { assets.insert(String(tensor.prefix { $0 != ":" })) }
    }

    mutating func add(path: String, named node: String, _ scope: Int) {
        if paths.count < Self.kept { paths[Place(scope, node)] = path }
    }

    mutating func add(alias node: String, of input: String, _ scope: Int) {
        if aliases.count < Self.kept { aliases[Place(scope, node)] = Place(scope, input) }
    }

    mutating func add(saver type: String, to input: String?, _ scope: Int, at offset: Int) {
        guard savers.count < Self.kept else { return }
        savers.append(User(type: type, input: input.map { Place(scope, $0) }, offset: offset))
    }

    mutating func add(table type: String, from input: String?, _ scope: Int, at offset: Int) {
        guard tables.count < Self.kept else { return }
        tables.append(User(type: type, input: input.map { Place(scope, $0) }, offset: offset))
    }

    mutating func add(call function: String, with inputs: ArraySlice<String>, _ scope: Int) {
        callCount += 1 + inputs.count
        calls[function, default: []].append((scope, Array(inputs)))
    }

    /// What feeds an input: a path if any call gives one.
    private func source(of place: Place) -> Source {
        var pending = [(place: place, depth: 0)]
        var steps = 0
        var isAsset = false
        while let (place, depth) = pending.popLast(), steps < Self.mostCalls {
            steps += 1
            if place.scope == 0, assets.contains(place.node) {
                isAsset = true
            } else if let path = paths[place] {
                return .path(path)
            } else if depth < Self.deepest, let other = aliases[place] {
                pending.append((other, depth + 1))
            } else if depth < Self.deepest, place.scope > 0,
                let index = arguments[place.scope].firstIndex(of: place.node)
            {
                for call in (calls[names[place.scope]] ?? []).prefix(Self.mostCalls)
                where index < call.inputs.count {
                    pending.append((Place(call.scope, call.inputs[index]), depth + 1))
                }
            }
        }
        return isAsset ? .asset : .unknown
    }

    /// Operators that write to a file that a constant of the graph names.
    package var fixedTargets: [(type: String, path: String, offset: Int)] {
        savers.compactMap { saver in
            guard let input = saver.input, case .path(let path) = source(of: input) else { return nil }
            return (saver.type, path, saver.offset)
        }
    }

    /// Operators that read a file which is none of the model's assets: with its name when a constant of the graph has it.
    /// Where the name comes from elsewhere, it may be an asset's that was handed on, if the model has any.
    package var tableFiles: [(type: String, path: String?, offset: Int)] {
        tables.compactMap { table in
            guard let input = table.input else { return (table.type, nil, table.offset) }
            switch source(of: input) {
            case .path(let path): return (table.type, path, table.offset)
            case .asset: return nil
            case .unknown: return hasAssets ? nil : (table.type, nil, table.offset)
            }
        }
    }
}
