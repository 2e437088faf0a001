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

/// The process that reads hostile bytes: synchronous, single-threaded, without access to anything but the descriptors
/// that its parent hands it.
///
/// Descriptor 0 is the socket on which requests arrive, 1 the pipe for reports, 2 the parent's standard error, 3 an
/// unlinked scratch file, if there is one, and 4 a page of memory in which the worker notes which file it is at. The
/// first message holds the settings; each further one some files (see ``ScanRequest``) and their descriptors. Reports go
/// out as lines, in the order of the requests: at the end of each request, or sooner when there are many or it takes
/// long.
package enum ScanWorker {
    static let requests: CInt = 0
    static let reports: CInt = 1
    static let scratch: CInt = 3
    static let progress: CInt = 4
    /// Bytes of reports, and nanoseconds since the last, after which reports go out before the request is done.
    private static let heldBytes = 32 << 10
    private static let heldTime = 10_000_000
    /// Files up to this size are read, larger ones mapped.
    static let mappedFrom = 256 << 10

    /// Serves requests until the parent closes its end, then returns the exit status.
    package static func run() -> CInt {
        var buffer = [UInt8](repeating: 0, count: ScanRequest.mostBytes)
        guard let (first, _) = receive(&buffer), let document = try? JSONDocument(first) else { return 2 }
        let settings = ScanSettings(document.root)
        _ = assay_die_with_parent()
        // Asking what kind of file it is comes before the filter of system calls, which refuses that.
        ScratchDescriptor.adopt(scratch)
        let word = SharedWord(descriptor: progress, isWritten: true)
        close(progress)
        ByteRegion.returnPagesWhileReading()
        var writer = JSONWriter()
        let containment =
            document.root["sandboxed"]?.bool == false
            ? ["none: switched off"] : Containment.enter(scratchBytes: settings.limits.inflatedBytes)
        writer.object { $0.member("containment", containment) }
        var lines = writer.take()
        lines.append(0x0A)
        guard send(&lines) else { return 2 }

        let scanner = FileScanner(settings: settings)
        while let (message, descriptors) = receive(&buffer) {
            guard let files = ScanRequest.read(message) else { return 2 }
            var sent = now()
            for (index, file) in files.enumerated() {
                let descriptor = index < descriptors.count ? descriptors[index] : -1
                let size = descriptor >= 0 ? Int(lseek(descriptor, 0, SEEK_END)) : -1
                // What is known goes out before something that can take long, and the file at hand is noted.
                if size >= mappedFrom, !lines.isEmpty, !send(&lines) { return 2 }
                word?.number = Int(file.number)
                var report = scan(
                    descriptor, size: size, path: String(decoding: file.path, as: UTF8.self), with: scanner)
                // The parent knows the path better than this process does.
                report.path = ""
                var writer = JSONWriter()
                writer.object { writer in
                    writer.member("number", file.number)
                    writer.key("report")
                    report.write(to: &writer)
                }
                lines += writer.bytes
                lines.append(0x0A)
                if lines.count >= heldBytes || now() &- sent >= heldTime {
                    guard send(&lines) else { return 2 }
                    sent = now()
                }
            }
            guard send(&lines) else { return 2 }
            word?.number = nil
        }
        return 0
    }

    /// Nanoseconds on the monotonic clock.
    private static func now() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
    }

    /// Scans the file and closes the descriptor.
    private static func scan(
        _ descriptor: CInt, size: Int, path: String, with scanner: FileScanner
    ) -> FileReport {
        guard descriptor >= 0 else { return FileReport(path: path, error: "no descriptor came with the request") }
        var isOpen = true
        defer { if isOpen { close(descriptor) } }
        guard size >= 0 else { return FileReport(path: path, error: "cannot be sized") }
        do throws(ParseError) {
            guard size >= mappedFrom else {
                return scanner.scan(try ByteRegion.read(descriptor: descriptor, count: size), path: path)
            }
            isOpen = false
            return scanner.scan(
                try ByteRegion.map(descriptor: descriptor, count: size, isOwned: true), path: path)
        } catch {
            return FileReport(path: path, size: size, error: "cannot be read: \(error.reading)")
        }
    }

    private static func receive(_ buffer: inout [UInt8]) -> (bytes: ByteRegion, descriptors: ArraySlice<CInt>)? {
        var descriptors = [CInt](repeating: -1, count: Int(ASSAY_MOST_DESCRIPTORS))
        var received = 0
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe assay_receive(requests, $0.baseAddress, $0.count, &descriptors, &received)
        }
        guard count > 0 else { return nil }
        return (unsafe ByteRegion(copying: buffer.span.bytes.extracting(..<count)), descriptors[..<received])
    }

    /// Sends the lines, and empties them.
    private static func send(_ lines: inout [UInt8]) -> Bool {
        defer { lines.removeAll(keepingCapacity: true) }
        return unsafe lines.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count, let base = bytes.baseAddress {
                let step = unsafe write(reports, base + done, bytes.count - done)
                if step < 0, errno == EINTR { continue }
                guard step > 0 else { return false }
                done += step
            }
            return true
        }
    }
}

/// The restrictions that a worker puts on itself.
enum Containment {
    /// Private memory that a worker may take.
    static let memoryBytes: UInt64 = 2 << 30

    /// Enters the sandbox for good and says what is in force, one line a mechanism.
    static func enter(scratchBytes: Int) -> [String] {
        let held = assay_sandbox_enter(memoryBytes, UInt64(max(0, scratchBytes)))
        var lines: [String] = []
        lines.append(
            held.landlock_abi > 0
                ? "Landlock ABI \(held.landlock_abi): no file system"
                    + (held.landlock_network != 0 ? ", no TCP" : "") + " access"
                : "Landlock: not offered by this kernel")
        lines.append(held.seccomp != 0 ? "seccomp: reading, memory and exit only" : "seccomp: not available")
        lines.append(held.no_new_privileges != 0 ? "no_new_privs: set" : "no_new_privs: not available")
        lines.append(
            held.limits != 0
                ? "limits: \(memoryBytes >> 20) MiB of memory, no core file" : "limits: could not be set")
        return lines
    }
}
