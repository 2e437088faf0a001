internal import AssayCore
internal import CSandbox
internal import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One run over a list of files: keeps the workers busy, replaces those that die, and puts the answers in order.
struct ScanRun {
    private(set) var reports: [FileReport] = []
    private(set) var containment: [String] = []

    private let files: [FileWalk.File]
    private let options: ScanSession.Options
    private let program: String
    private var answers: [FileReport?]
    /// Files that are still to be handed out, the next one last.
    private var pending: [Int]
    private var workers: [WorkerProcess] = []
    private var failedStarts = 0
    private var progress = ScanSession.Progress()

    /// Files and bytes that may wait at one worker: enough to keep it busy, few enough to share the rest.
    private let waitingFiles: Int
    private static let waitingBytes = 4 << 20
    /// Descriptors that may be on their way to all workers together: the system counts them against the limit of open
    /// files, of which half is left for everything else.
    private static var waitingDescriptors: Int { min(512, Int(assay_descriptor_limit()) / 2) }
    /// Starts that may fail before the run gives up.
    private static let patience = 3

    init(files: [FileWalk.File], options: ScanSession.Options, program: String) {
        self.files = files
        self.options = options
        self.program = program
        waitingFiles = min(2 * ScanRequest.mostFiles, max(1, Self.waitingDescriptors / max(1, options.jobs)))
        answers = Array(repeating: nil, count: files.count)
        pending = Array(files.indices.reversed())
        progress.totalFiles = files.count
        progress.totalBytes = files.reduce(0) { $0 &+ $1.size }
    }

    /// Works until every file has its report.
    mutating func finish(progress tell: (ScanSession.Progress) -> Void, each: (FileReport) -> Void) {
        while reports.count < files.count {
            handOut()
            emit(tell, each)
            guard reports.count < files.count else { break }
            listen()
            emit(tell, each)
        }
        workers.removeAll()
    }

    /// Passes on the reports whose turn has come.
    private mutating func emit(_ tell: (ScanSession.Progress) -> Void, _ each: (FileReport) -> Void) {
        var moved = false
        while reports.count < files.count, let report = answers[reports.count] {
            answers[reports.count] = nil
            reports.append(report)
            progress.files += 1
            progress.bytes &+= files[reports.count - 1].size
            progress.current = report.path
            each(report)
            moved = true
        }
        if moved { tell(progress) }
    }

    // MARK: Handing out

    private mutating func handOut() {
        while let next = pending.last {
            if let error = files[next].error {
                pending.removeLast()
                answers[next] = FileReport(path: text(next), error: error)
                continue
            }
            guard let worker = readyWorker() else { break }
            handOut(to: worker)
        }
        if failedStarts >= Self.patience, workers.isEmpty { giveUp("no worker process could be started") }
    }

    /// Hands the next files over in one message.
    private mutating func handOut(to worker: WorkerProcess) {
        // The share gets smaller towards the end, so that all workers are done at about the same time.
        let share = (pending.count + 2 * options.jobs - 1) / max(1, 2 * options.jobs)
        let most = max(1, min(share, ScanRequest.mostFiles, waitingFiles - worker.unanswered.count))
        var batch: [WorkerProcess.Waiting] = []
        var descriptors: [CInt] = []
        defer { descriptors.forEach { close($0) } }
        var bytes = worker.unansweredBytes
        while batch.count < most, let next = pending.last, files[next].error == nil,
            batch.isEmpty || bytes &+ files[next].size < Self.waitingBytes
        {
            pending.removeLast()
            let descriptor =
                files[next].path == FileWalk.standardInput
                ? FileWalk.openStandardInput()
                : unsafe open(FileWalk.terminated(files[next].path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            if descriptor < 0, errno == EMFILE || errno == ENFILE, !batch.isEmpty {
                // The ones that are open go first, and are closed here.
                pending.append(next)
                break
            }
            guard descriptor >= 0 else {
                answers[next] = FileReport(path: text(next), error: unsafe String(cString: strerror(errno)))
                continue
            }
            descriptors.append(descriptor)
            batch.append(.init(number: next, size: files[next].size))
            bytes &+= files[next].size
        }
        guard !batch.isEmpty else { return }
        if !worker.send(batch, paths: batch.map { files[$0.number].path }, descriptors: descriptors) {
            pending.append(contentsOf: batch.reversed().map(\.number))
            bury(worker)
        }
    }

    /// The least busy worker that can take another file; starts one while there is work for it.
    private mutating func readyWorker() -> WorkerProcess? {
        let free = workers.filter { worker in
            worker.unanswered.count <= waitingFiles / 2 && worker.unansweredBytes < Self.waitingBytes
        }
        if let idle = free.first(where: { $0.unanswered.isEmpty }) { return idle }
        let wanted = min(max(1, options.jobs), max(1, (pending.count + 3) / 4 + workers.count))
        if workers.count < wanted, failedStarts < Self.patience {
            do {
                let worker = try WorkerProcess(
                    program: program, settings: options.settings, isSandboxed: options.isSandboxed)
                workers.append(worker)
                return worker
            } catch {
                failedStarts += 1
            }
        }
        return free.min { $0.unanswered.count < $1.unanswered.count }
    }

    // MARK: Listening

    private mutating func listen() {
        guard !workers.isEmpty else { return }
        var ready = workers.map { pollfd(fd: $0.reports, events: Int16(POLLIN), revents: 0) }
        let count = unsafe poll(&ready, nfds_t(ready.count), 250)
        for (index, worker) in Array(workers.enumerated()) {
            if count > 0, ready[index].revents != 0 {
                if let arrived = worker.receive() {
                    for (number, report) in arrived { answer(number, report) }
                    if !worker.containment.isEmpty { containment = worker.containment }
                } else {
                    bury(worker)
                    continue
                }
            }
            worker.watch()
            if !worker.unanswered.isEmpty, WorkerProcess.now() - worker.since > Double(options.secondsPerFile) {
                bury(worker, because: "took more than \(options.secondsPerFile) seconds")
            }
        }
    }

    /// Takes a worker out of service: the file it was reading is incomplete, the ones behind it are handed out again.
    private mutating func bury(_ worker: WorkerProcess, because reason: String? = nil) {
        workers.removeAll { $0 === worker }
        // What it said before it ended still counts.
        while worker.hasReports, let arrived = worker.receive() {
            for (number, report) in arrived { answer(number, report) }
        }
        let current = worker.current
        var lost = worker.unanswered.map(\.number)
        let hadStarted = !worker.containment.isEmpty
        let end = reason == nil ? "the reader " + worker.reap() : "the reader " + (reason ?? "")
        if reason != nil { worker.end() }
        if hadStarted, let culprit = current ?? lost.first {
            lost.removeAll { $0 == culprit }
            answer(
                culprit,
                FileReport(
                    path: text(culprit), size: files[culprit].size,
                    findings: [
                        Finding(
                            rule: "SCAN-WORKER-DIED",
                            severity: RuleCatalogue.shipped["SCAN-WORKER-DIED"]?.severity ?? .high,
                            message: "\(end) before the file was judged")
                    ], incomplete: [end]))
        } else if !hadStarted {
            failedStarts += 1
        }
        pending.append(contentsOf: lost.reversed())
    }

    private mutating func answer(_ number: Int, _ report: FileReport) {
        guard answers.indices.contains(number) else { return }
        var report = report
        report.path = text(number)
        answers[number] = report
    }

    private mutating func giveUp(_ reason: String) {
        while let next = pending.popLast() { answers[next] = FileReport(path: text(next), error: reason) }
    }

    private func text(_ index: Int) -> String { String(decoding: files[index].path, as: UTF8.self) }
}
