internal import AssayCore

// The C library's `environ` is a variable that the program never writes.
#if canImport(Glibc)
    @unsafe @preconcurrency internal import Glibc
#elseif canImport(Musl)
    @unsafe @preconcurrency internal import Musl
#elseif canImport(Darwin)
    @unsafe @preconcurrency internal import Darwin
#endif

/// Runs other programs: the training command that is recorded, and git, which is asked about the code.
enum ChildProcess {
    /// Runs a command with this process's input, output and environment.
    /// - Returns: Its exit status, or 128 and the signal that ended it.
    /// - Throws: `EvidenceError` when it cannot be started.
    static func run(_ command: [String]) throws(EvidenceError) -> CInt {
        do throws(StartFailure) {
            return wait(for: try start(command, output: nil))
        } catch {
            throw EvidenceError("\(Printable.line(command.first ?? "the command")) cannot be run: \(error.reason)")
        }
    }

    /// The first line that a short command prints, empty when it prints nothing; nil when it fails.
    static func firstLine(of command: [String]) -> String? {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        guard let process = try? start(command, output: ends[1]) else {
            for end in ends { close(end) }
            return nil
        }
        close(ends[1])
        defer { close(ends[0]) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(ends[0], $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            // The rest is read, so that the command does not wait, and passed over.
            if bytes.count < 65_536 { bytes += buffer[..<count] }
        }
        guard wait(for: process) == 0 else { return nil }
        return bytes.split(separator: 0x0A).first.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Starts a command that has no input, whose output is nobody's business, and that nobody waits for.
    /// - Returns: whether there is such a command.
    static func begin(_ command: [String]) -> Bool {
        (try? start(command, output: nil, isAlone: true)) != nil
    }

    private struct StartFailure: Error {
        let reason: String
    }

    private static func start(
        _ command: [String], output: CInt?, isAlone: Bool = false
    ) throws(StartFailure) -> pid_t {
        guard let program = command.first, command.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw StartFailure(reason: "it is no command")
        }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = unsafe posix_spawn_file_actions_t()
        #endif
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let output {
            unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
            unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        if isAlone {
            for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
                unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
            }
        }
        let words = unsafe command.map { unsafe strdup($0) }
        defer { unsafe words.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let failure = unsafe posix_spawnp(&process, program, &actions, nil, words + [nil], environ)
        guard failure == 0 else { throw StartFailure(reason: unsafe String(cString: strerror(failure))) }
        return process
    }

    private static func wait(for process: pid_t) -> CInt {
        var status: CInt = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return -1 }
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}
