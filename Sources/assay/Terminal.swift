import ArgumentParser
import Reporting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What there is to know about the terminal, if there is one.
enum Terminal {
    static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }

    /// Columns of standard output or standard error; `COLUMNS` overrides, and 100 without a terminal.
    static var columns: Int {
        if let wanted = environment("COLUMNS").flatMap({ Int($0) }), wanted > 0 { return wanted }
        var size = winsize()
        for descriptor in [STDOUT_FILENO, STDERR_FILENO]
        where unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 {
            return Int(size.ws_col)
        }
        return 100
    }

    /// Columns of standard output where it is a terminal; nil where text goes on to a file or another program.
    static var outputColumns: Int? { isTerminal(STDOUT_FILENO) ? columns : nil }

    static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}

/// When to colour.
enum ColourChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never

    /// `auto` colours a terminal unless `NO_COLOR` is set or the terminal is a dumb one.
    func applies(to descriptor: CInt) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            Terminal.isTerminal(descriptor) && (Terminal.environment("NO_COLOR") ?? "").isEmpty
                && Terminal.environment("TERM") != "dumb"
        }
    }

    /// Whether standard output is to be coloured.
    var appliesToOutput: Bool { applies(to: STDOUT_FILENO) }
}
