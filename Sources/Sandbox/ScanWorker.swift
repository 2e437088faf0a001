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
/// Descriptor 0 is the socket on which requests arrive, 1 the pipe for reports, 2 the parent's standard error, and 3 an
/// unlinked scratch file, if there is one. The first message holds the settings; each further one a number, a path (for
/// the report only) and the file's descriptor. Each report goes out as one line before the next request is taken.
public enum ScanWorker {
    static let requests: CInt = 0
    static let reports: CInt = 1
    static let scratch: CInt = 3
    /// Longest request: the number and a path.
    static let messageBytes = 64 << 10
    /// Files up to this size are read, larger ones mapped.
    static let mappedFrom = 256 << 10

    /// Serves requests until the parent closes its end, then returns the exit status.
    public static func run() -> CInt {
        var buffer = [UInt8](repeating: 0, count: messageBytes)
        guard let (first, _) = receive(&buffer), let document = try? JSONDocument(ByteRegion(first)) else { return 2 }
        let settings = ScanSettings(document.root)
        _ = assay_die_with_parent()
        // Asking what kind of file it is comes before the filter of system calls, which refuses that.
        ScratchDescriptor.adopt(scratch)
        var writer = JSONWriter()
        let containment =
            document.root["sandboxed"]?.bool == false
            ? ["none: switched off"] : Containment.enter(scratchBytes: settings.limits.inflatedBytes)
        writer.object { $0.member("containment", containment) }
        guard send(&writer) else { return 2 }

        let scanner = FileScanner(settings: settings)
        while let (message, descriptor) = receive(&buffer) {
            let request = ByteRegion(message)
            guard let number = request.little(UInt32.self, at: 0) else { return 2 }
            let path = request.suffix(from: 4).text()
            let report = scan(descriptor, path: path, with: scanner)
            if descriptor >= 0 { close(descriptor) }
            writer.object { writer in
                writer.member("number", number)
                writer.key("report")
                report.write(to: &writer)
            }
            guard send(&writer) else { return 2 }
        }
        return 0
    }

    private static func scan(_ descriptor: CInt, path: String, with scanner: FileScanner) -> FileReport {
        guard descriptor >= 0 else { return FileReport(path: path, error: "no descriptor came with the request") }
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0, let size = Int(exactly: end) else { return FileReport(path: path, error: "cannot be sized") }
        do throws(ParseError) {
            let region =
                size < mappedFrom
                ? try ByteRegion.read(descriptor: descriptor, count: size)
                : try ByteRegion.map(descriptor: descriptor, count: size)
            return scanner.scan(region, path: path)
        } catch {
            return FileReport(path: path, size: size, error: "cannot be read: \(error.reading)")
        }
    }

    private static func receive(_ buffer: inout [UInt8]) -> (bytes: [UInt8], descriptor: CInt)? {
        var descriptor: CInt = -1
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe assay_receive(requests, $0.baseAddress, $0.count, &descriptor)
        }
        guard count > 0 else { return nil }
        return (Array(buffer[..<count]), descriptor)
    }

    private static func send(_ writer: inout JSONWriter) -> Bool {
        var line = writer.take()
        writer = JSONWriter()
        line.append(0x0A)
        return unsafe line.withUnsafeBytes { bytes in
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
