import ByteParsing
import ModelFormats

/// Follows names, constants and calls through a Python source, statement by statement, without running it.
///
/// The order of statements decides what a name means; branches are all taken. Two walks are made: the first learns the
/// names and the calls between functions, the second reports; what functions hand to each other may take one or two more to
/// learn. Attributes, parameters and results of the file's own functions are followed by name alone, whatever object they
/// belong to; which element of a container is meant is not followed. ``PythonEscapes`` catches what gets away.
struct PythonReader {
    let tokens: [PythonToken]
    var scopes = PythonScopes()
    var members = PythonMembers()
    var graph = PythonCallGraph()
    var parameters = PythonParameters()
    var escapes = PythonEscapes()
    let brackets: PythonBrackets
    /// Modules that can run commands and whose names stand in the source as texts.
    private(set) lazy var namedModules = PythonEscapes.powerful.intersection(
        tokens.lazy.filter { $0.kind == .string && $0.text.utf8.count < 32 }.map(\.text)
    ).sorted()
    /// The file's own functions that tell how objects of some class are pickled: what they return is called.
    var reducers: Set<String> = []
    private var importing: Set<String> = []
    private var hooked: Set<String> = []
    private(set) var isReporting = false
    /// Whether a loader calls the file's functions by their names (`hubconf.py`).
    var holdsEntryPoints = false
    let isScript: Bool
    /// Whether the file gives `__name__` another value, perhaps: then it tells nothing.
    let bindsItsName: Bool
    private let report: (Event) -> Void
    /// Classes of the file whose bases are those of loadable model code.
    var modelClasses: [String] = []
    /// Brackets nested deeper than ``mostFrames`` were passed over.
    var isTooDeep = false
    /// Whether the statement before was `@staticmethod`.
    var isStatic = false
    /// Whether the statement before hands the function that follows to somebody who calls it.
    var isRegistered = false

    let work = PythonWork()

    static let mostFrames = 200
    /// Walks that learn: arguments are followed through as many functions that call each other.
    private static let mostWalks = 4

    /// - Parameter isScript: whether the file is run as a program when it is used (`setup.py`).
    init(_ tokens: [PythonToken], isScript: Bool, report: @escaping (Event) -> Void) {
        self.tokens = tokens
        self.isScript = isScript
        self.report = report
        bindsItsName = Self.bindsItsName(tokens)
        brackets = PythonBrackets(tokens)
    }

    /// Reads the whole source.
    mutating func read(budget: Budget) throws(ParseError) {
        try budget.spend(operations: tokens.count &* 8, reading: "Python source")
        noteCalls()
        walk()
        var walks = 1
        while parameters.isChanged, walks < Self.mostWalks {
            try budget.spend(operations: tokens.count &* 4, reading: "Python source")
            parameters.rewind()
            scopes.rewind()
            walk()
            walks += 1
        }
        importing = graph.importing()
        hooked = graph.hooked()
        isReporting = true
        scopes.rewind()
        walk()
    }

    private mutating func walk() {
        var start = 0
        while start < tokens.count {
            var end = start
            while end < tokens.count, tokens[end].kind != .newline { end += 1 }
            if end > start {
                scopes.close(before: tokens[start].indentation)
                statement(start, end)
            }
            start = end + 1
        }
    }

    // MARK: Reporting

    /// When what stands here runs.
    private var exposure: PythonExposure {
        let outer = scopes.functions
        if outer.isEmpty { return scopes.isGuarded && !isScript ? .program : .importing }
        if outer.allSatisfy(importing.contains) { return .importing }
        if holdsEntryPoints, let first = outer.first, !first.hasPrefix("_") { return .hook }
        if outer.contains(where: { hooked.contains($0) || PythonExposure.isHook($0) }) {
            return isScript && outer.contains("run") ? .importing : .hook
        }
        return .function
    }

    func emit(
        _ callee: PythonValue, _ arguments: [PythonValue], _ keywords: [(name: String, value: PythonValue)],
        _ token: PythonToken, spelling: String? = nil, isHandedOn: Bool = false
    ) {
        guard isReporting else { return }
        var event = Event(
            callee: callee, arguments: arguments, keywords: keywords, offset: token.offset, line: token.line,
            exposure: exposure, place: scopes.place, isHandedOn: isHandedOn)
        event.spelling = spelling
        if callee.name == nil, let member = callee.member, !arguments.isEmpty || !keywords.isEmpty {
            event.candidates = escapes.candidates(for: member).filter { !callee.held.contains($0) }
        }
        event.tell(report)
    }
}
