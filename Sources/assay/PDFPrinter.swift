import CSandbox
import Sandbox

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Prints a page to PDF with a program that the machine has: a Chromium browser, WeasyPrint or wkhtmltopdf.
///
/// It runs offline, in a profile of its own that is removed afterwards, and gets a bounded time.
struct PDFPrinter {
    private enum Family { case chromium, weasyprint, wkhtmltopdf }

    private static let names: [(String, Family)] = [
        ("chromium", .chromium), ("chromium-browser", .chromium), ("google-chrome", .chromium),
        ("google-chrome-stable", .chromium), ("chrome", .chromium), ("microsoft-edge", .chromium),
        ("microsoft-edge-stable", .chromium), ("brave-browser", .chromium), ("headless_shell", .chromium),
        ("weasyprint", .weasyprint), ("wkhtmltopdf", .wkhtmltopdf),
    ]
    private static let applications = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ]
    /// Seconds that a page may take.
    private static let patience = 120

    private let program: String
    private let family: Family

    /// - Parameter named: a path or a name on `PATH`; nil takes the first that is found.
    /// - Throws: `CommandFailure` that names what to install.
    init(_ named: String?) throws(CommandFailure) {
        if let named {
            guard let path = named.contains("/") ? Self.absolute(named) : Self.find(named) else {
                throw CommandFailure("\(named): there is no such program")
            }
            program = path
            let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
            family = name.contains("weasy") ? .weasyprint : name.contains("wkhtml") ? .wkhtmltopdf : .chromium
            return
        }
        for (name, family) in Self.names {
            guard let path = Self.find(name) else { continue }
            (program, self.family) = (path, family)
            return
        }
        if let path = Self.applications.first(where: Self.isProgram) {
            (program, family) = (path, .chromium)
            return
        }
        throw CommandFailure(
            "PDF is printed by Chromium, Chrome, Edge, WeasyPrint or wkhtmltopdf, and none is on PATH: install one "
                + "(apt-get install chromium, or pip install weasyprint), name it with --pdf-renderer, or print the "
                + "HTML page from any browser")
    }

    private static func find(_ name: String) -> String? {
        (Terminal.environment("PATH") ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { $0.hasPrefix("/") && isProgram($0) }
    }

    private static func absolute(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        let result = unsafe String(cString: resolved)
        return isProgram(result) ? result : nil
    }

    private static func isProgram(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }

    /// - Throws: `CommandFailure` when the program ends without a document.
    func print(_ page: [UInt8]) throws(CommandFailure) -> [UInt8] {
        let folder = try Self.makeFolder()
        defer { Self.remove(folder) }
        let (source, target) = (folder + "/page.html", folder + "/page.pdf")
        try FileOutput.write(page, to: source)
        let status = try run(arguments(source: source, target: target, folder: folder), in: folder)
        guard FileInput.exists(target) else {
            let log = (try? FileInput.read(folder + "/log")) ?? []
            let last =
                String(decoding: log, as: UTF8.self).split(separator: "\n").last.map { ": \($0.prefix(300))" } ?? ""
            throw CommandFailure("\(program) wrote no PDF (status \(status))\(last)")
        }
        let document = try FileInput.read(target)
        guard document.starts(with: Array("%PDF-".utf8)) else { throw CommandFailure("\(program) wrote no PDF") }
        return document
    }

    private func arguments(source: String, target: String, folder: String) -> [String] {
        switch family {
        case .chromium:
            // Its own sandbox cannot be set up for root; what it shows then has no scripts and no network either.
            return [
                "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--proxy-server=127.0.0.1:9",
                "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=\(folder)/profile",
                "--no-pdf-header-footer", "--print-to-pdf=\(target)",
            ] + (geteuid() == 0 ? ["--no-sandbox"] : []) + ["file://" + source]
        case .weasyprint: return ["--media-type", "print", source, target]
        case .wkhtmltopdf:
            return [
                "--quiet", "--disable-javascript", "--disable-external-links", "--print-media-type", "--page-size",
                "A4",
                source, target,
            ]
        }
    }

    private func run(_ arguments: [String], in folder: String) throws(CommandFailure) -> CInt {
        let log = unsafe open(folder + "/log", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(log) }
        var environment = ["HOME=\(folder)", "TMPDIR=\(folder)", "LANG=C.UTF-8"]
        environment.append("PATH=" + (Terminal.environment("PATH") ?? "/usr/bin:/bin"))
        var process: pid_t = 0
        let failure = unsafe CStrings.with([program] + arguments) { arguments in
            unsafe CStrings.with(environment) { environment in
                unsafe assay_start(program, arguments, environment, [-1, log, log], 3, &process)
            }
        }
        guard failure == 0 else { throw CommandFailure(unsafe "\(program): \(String(cString: strerror(failure)))") }
        var status: CInt = 0
        for _ in 0..<(Self.patience * 20) {
            let ended = unsafe waitpid(process, &status, WNOHANG)
            if ended == process || (ended < 0 && errno != EINTR) { return (status >> 8) & 0xFF }
            usleep(50_000)
        }
        kill(process, SIGKILL)
        _ = unsafe waitpid(process, &status, 0)
        throw CommandFailure("\(program) took more than \(Self.patience) seconds")
    }

    /// A new folder that only the user can look into.
    private static func makeFolder() throws(CommandFailure) -> String {
        var template = Array(((Terminal.environment("TMPDIR") ?? "/tmp") + "/assay-print-XXXXXX").utf8CString)
        let isMade = unsafe template.withUnsafeMutableBufferPointer {
            unsafe $0.baseAddress.flatMap { unsafe mkdtemp($0) } != nil
        }
        guard isMade else { throw CommandFailure(unsafe "no temporary folder: \(String(cString: strerror(errno)))") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Takes the folder away with all that is in it, following no links.
    private static func remove(_ folder: String) {
        var waiting = [folder]
        var emptied: [String] = []
        while let path = waiting.popLast() {
            emptied.append(path)
            guard let stream = unsafe opendir(path) else { continue }
            while let entry = unsafe readdir(stream) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                let child = path + "/" + name
                var status = stat()
                guard unsafe lstat(child, &status) == 0 else { continue }
                if status.st_mode & S_IFMT == S_IFDIR { waiting.append(child) } else { _ = unsafe unlink(child) }
            }
            unsafe closedir(stream)
        }
        for path in emptied.reversed() { _ = unsafe rmdir(path) }
    }
}
