internal import AssayCore
internal import ByteParsing
internal import CSandbox
internal import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A worker as its parent sees it: a socket to ask on, a pipe to listen on, and what is still unanswered.
final class WorkerProcess {
    /// The pipe's end, for poll(2).
    let reports: CInt
    /// A file that was handed over.
    struct Waiting {
        let number: Int
        let size: Int
    }
    /// The files that were sent and not yet answered, oldest first.
    private(set) var unanswered: [Waiting] = []
    /// Their bytes together.
    private(set) var unansweredBytes = 0
    /// Seconds on the monotonic clock when the worker was last seen to go on to another file.
    private(set) var since: Double = 0
    private(set) var containment: [String] = []

    private let requests: CInt
    private let process: pid_t
    private var received: [UInt8] = []
    private var scanned = 0
    private var isOver = false
    private var chunk = [UInt8](repeating: 0, count: 64 << 10)
    /// Where the worker notes the file it is at.
    private let word: SharedWord?
    private var seen: Int?

    /// Starts `program` as a worker.
    /// - Throws: `StartFailure` when the system refuses.
    init(program: String, settings: ScanSettings, isSandboxed: Bool) throws(StartFailure) {
        var pair: [CInt] = [-1, -1]
        var pipe: [CInt] = [-1, -1]
        guard unsafe assay_socket_pair(&pair) == 0 else { throw StartFailure(errno) }
        guard unsafe assay_pipe(&pipe) == 0 else {
            let code = errno
            close(pair[0])
            close(pair[1])
            throw StartFailure(code)
        }
        let scratch = assay_scratch_file()
        let page = assay_shared_page()
        word = SharedWord(descriptor: page, isWritten: false)
        var process: pid_t = 0
        let failure = unsafe CStrings.with([program, "worker"]) { arguments in
            unsafe CStrings.with(["SWIFT_BACKTRACE=enable=no", "LANG=C.UTF-8"]) { environment in
                unsafe assay_start(
                    program, arguments, environment, [pair[1], pipe[1], 2, scratch, page], 5, &process)
            }
        }
        close(pair[1])
        close(pipe[1])
        if scratch >= 0 { close(scratch) }
        if page >= 0 { close(page) }
        guard failure == 0 else {
            close(pair[0])
            close(pipe[0])
            throw StartFailure(failure)
        }
        // Only now: an initialiser that throws once everything is set runs `deinit`, which would close these again.
        requests = pair[0]
        reports = pipe[0]
        self.process = process
        var hello = settings.json
        hello.removeLast()
        hello += Array(",\"sandboxed\":\(isSandboxed)}".utf8)
        _ = unsafe hello.withUnsafeBytes { unsafe assay_send(requests, $0.baseAddress, $0.count, nil, 0) }
    }

    deinit { end() }

    /// Why a worker could not be started.
    struct StartFailure: Error {
        let reason: String
        init(_ code: CInt) { reason = unsafe String(cString: strerror(code)) }
    }

    /// Hands files over, with a descriptor each. False when the worker is gone.
    func send(_ files: [Waiting], paths: [[UInt8]], descriptors: [CInt]) -> Bool {
        var message: [UInt8] = []
        for (file, path) in zip(files, paths) {
            ScanRequest(number: UInt32(truncatingIfNeeded: file.number), path: path).write(to: &message)
        }
        let sent = unsafe message.withUnsafeBytes {
            unsafe assay_send(requests, $0.baseAddress, $0.count, descriptors, descriptors.count)
        }
        guard sent == message.count else { return false }
        if unanswered.isEmpty { since = Self.now() }
        unanswered += files
        unansweredBytes = files.reduce(unansweredBytes) { $0 &+ $1.size }
        return true
    }

    /// The file that the worker says it is at, if it is one that it was given and has not answered.
    var current: Int? {
        guard let number = word?.number, unanswered.contains(where: { $0.number == number }) else { return nil }
        return number
    }

    /// Looks whether the worker has gone on to another file, for the time that each may take.
    func watch() {
        guard let number = current, number != seen else { return }
        seen = number
        since = Self.now()
    }

    /// Whether `receive` would return at once.
    var hasReports: Bool {
        var entry = pollfd(fd: reports, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, 0) > 0
    }

    /// Reads what has arrived: answers in order. Nil once the worker has ended.
    func receive() -> [(number: Int, report: FileReport)]? {
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(reports, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        guard count > 0 else { return nil }
        received += chunk[..<count]
        var answers: [(Int, FileReport)] = []
        var start = 0
        while let step = unsafe received.span.bytes.extracting(max(start, scanned)...).firstOffset(of: 0x0A) {
            let end = max(start, scanned) + step
            let line = unsafe ByteRegion(copying: received.span.bytes.extracting(start..<end))
            start = end + 1
            scanned = start
            guard let root = try? JSONDocument(line).root else { return nil }
            if answers.isEmpty, let lines = root["containment"] {
                containment = lines.elements.compactMap(\.string)
                continue
            }
            guard let number = root["number"]?.integer, unanswered.first?.number == number,
                let report = root["report"].flatMap({ FileReport($0) })
            else { return nil }
            unansweredBytes &-= unanswered.removeFirst().size
            since = Self.now()
            answers.append((number, report))
        }
        received.removeFirst(start)
        scanned = received.count
        // No report is that long; a worker that was taken over must not exhaust its parent.
        return received.count > 256 << 20 ? nil : answers
    }

    /// Closes the connection, ends the process and says how it ended.
    @discardableResult
    func end() -> String {
        guard !isOver else { return "" }
        isOver = true
        close(requests)
        close(reports)
        if !unanswered.isEmpty { kill(process, SIGKILL) }
        var status: CInt = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? "ended with status \(status >> 8 & 0xFF)" : "was ended by signal \(signal)"
    }

    /// How the process ended by itself; to be asked when `receive` returned nil.
    func reap() -> String {
        guard !isOver else { return "" }
        isOver = true
        close(requests)
        close(reports)
        var status: CInt = 0
        // It closed its pipe, so it is ending or was taken over; either way it is over now.
        usleep(2000)
        var result = unsafe waitpid(process, &status, WNOHANG)
        if result == 0 {
            kill(process, SIGKILL)
            repeat { result = unsafe waitpid(process, &status, 0) } while result < 0 && errno == EINTR
        }
        let signal = status & 0x7F
        return signal == 0 ? "ended with status \(status >> 8 & 0xFF)" : "was ended by signal \(signal)"
    }

    /// Seconds on the monotonic clock.
    static func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The path of the running program.
    static func program() -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe assay_program_path(&buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : "assay"
    }
}
