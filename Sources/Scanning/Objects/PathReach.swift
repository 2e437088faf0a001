internal import ByteParsing

/// How far a path from a file reaches, from harmless to worst.
enum PathReach: Int, Comparable {
    /// Not a path at all, or one below the model's own folder.
    case inside
    /// Absolute, or of a drive.
    case absolute
    /// Leaves the folder by `..`, or by the home folder.
    case leaving
    /// An address in the network.
    case network

    init(_ path: String) {
        let lower = path.lowercased()
        if lower.hasPrefix("\\\\") {
            self = .network
            return
        }
        if let mark = lower.utf8.firstRange(of: Array("://".utf8)) {
            let scheme = lower.utf8[..<mark.lowerBound]
            if scheme.count < 20, scheme.allSatisfy({ 97...122 ~= $0 || 48...57 ~= $0 || $0 == 0x2B || $0 == 0x2E }) {
                self = scheme.elementsEqual("file".utf8) ? .absolute : .network
                return
            }
        }
        if lower.hasPrefix("~") || path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).contains("..") {
            self = .leaving
        } else if lower.hasPrefix("/") || lower.dropFirst().hasPrefix(":\\") || lower.dropFirst().hasPrefix(":/") {
            self = .absolute
        } else {
            self = .inside
        }
    }

    static func < (left: PathReach, right: PathReach) -> Bool { left.rawValue < right.rawValue }
}
