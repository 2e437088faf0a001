import ByteParsing
import Mutations
import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Scans damaged copies of files and measures each scan, for Tests/Property/property.py.
///
///     scan-mutations PROGRESS SEED       reads tasks from standard input: path, name, first number, count, by tabs
///     scan-mutations write SEED PATH NAME NUMBER   writes one damaged copy to standard output
///
/// The number of the mutation that is being scanned stands in the first four bytes of PROGRESS, so that whoever finds
/// this process dead knows why. Prints a line for each truncation that reads as clean, for each scan over the bounds, and
/// one at the end of a file.
@main
struct ScanMutations {
    static func main() {
        let words = CommandLine.arguments
        guard words.count >= 3 else { exit(2) }
        if words[1] == "write", words.count == 6, let seed = UInt64(words[2]), let number = Int(words[5]) {
            guard let bytes = contents(of: words[3]) else { exit(2) }
            let mutation = Mutation(seed: seed, name: words[4], number: number, count: bytes.count)
            let damaged = mutation.applied(to: bytes)
            emit(damaged)
            return
        }
        guard let seed = UInt64(words[2]) else { exit(2) }
        let descriptor = unsafe open(words[1], O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { exit(2) }
        let meter = Meter()
        while let line = readLine() {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 4, let first = Int(fields[2]), let count = Int(fields[3]),
                let bytes = contents(of: fields[0])
            else { exit(2) }
            run(
                bytes, name: fields[1], numbers: first..<(first + count), seed: seed, progress: descriptor, meter: meter
            )
        }
    }

    private static func run(
        _ bytes: [UInt8], name: String, numbers: Range<Int>, seed: UInt64, progress: CInt, meter: Meter
    ) {
        let scanner = FileScanner()
        note(-1, progress)
        let original = scanner.scan(bytes, path: name)
        var slowest = (milliseconds: 0, number: -1)
        var largest = (kibibytes: 0, number: -1)
        for number in numbers {
            note(number, progress)
            let mutation = Mutation(seed: seed, name: name, number: number, count: bytes.count)
            let damaged = mutation.applied(to: bytes)
            meter.start()
            let report = scanner.scan(damaged, path: name)
            let (milliseconds, kibibytes) = meter.stop()
            if milliseconds > slowest.milliseconds { slowest = (milliseconds, number) }
            if kibibytes > largest.kibibytes { largest = (kibibytes, number) }
            if mutation.kind == .truncation, mutation.offset > 0, report.outcome == .clean,
                !bytes[mutation.offset...].allSatisfy({ $0 == 0 || $0 == 0x0A || $0 == 0x0D || $0 == 0x20 })
            {
                tell("clean", name, number, mutation.offset, bytes.count, report.format)
            }
            if milliseconds > 1_000 { tell("slow", name, number, milliseconds) }
            if kibibytes > 64 << 10 { tell("large", name, number, kibibytes) }
        }
        tell(
            "done", name, original.format, original.outcome.rawValue, numbers.count, slowest.milliseconds,
            slowest.number, largest.kibibytes, largest.number)
    }

    private static func tell(_ fields: any CustomStringConvertible...) {
        emit(Array((fields.map(\.description).joined(separator: "\t") + "\n").utf8))
    }

    private static func emit(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let step = unsafe write(1, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
                guard step > 0 else { exit(2) }
                done += step
            }
        }
    }

    private static func note(_ number: Int, _ progress: CInt) {
        var value = Int32(truncatingIfNeeded: number)
        unsafe pwrite(progress, &value, 4, 0)
    }

    private static func contents(of path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return try? ByteRegion.read(descriptor: descriptor, count: Int(lseek(descriptor, 0, SEEK_END))).array()
    }
}

/// CPU time and peak resident memory of one piece of work in this process.
private final class Meter {
    private let references: CInt
    private let status: CInt
    private var started = 0.0

    init() {
        references = unsafe open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
        status = unsafe open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    }

    func start() {
        // 5 resets the high-water mark of resident memory.
        _ = unsafe write(references, "5", 1)
        started = cpu()
    }

    func stop() -> (milliseconds: Int, kibibytes: Int) {
        (Int((cpu() - started) * 1_000), peak())
    }

    private func cpu() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private func peak() -> Int {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe pread(status, &buffer, buffer.count, 0)
        let text = ByteRegion(Array(buffer.prefix(max(0, count))))
        guard let start = text.firstOffset(of: Array("VmHWM:".utf8)) else { return 0 }
        var value = 0
        for byte in text.suffix(from: start + 6).array() {
            if 48...57 ~= byte { value = value * 10 + Int(byte - 48) } else if value > 0 { break }
        }
        return value
    }
}
