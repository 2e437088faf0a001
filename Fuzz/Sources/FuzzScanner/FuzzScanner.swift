import Scanning

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

// One binary serves all targets: ASSAY_FUZZ names the format whose reader, judge and outline get the bytes. A crash, a
// trap, a hang and memory without bound are failures; whatever else a reader answers is right here.
//
// ASSAY_FUZZ=list prints the formats; ASSAY_FUZZ=seeds FOLDER FILE... writes what each format's reader takes of the files,
// members of archives included, into FOLDER/FORMAT.

nonisolated(unsafe) private var exercise = ReaderExercise()

/// CPU seconds that one input may take, the sanitizer's cost included. libFuzzer's own limit counts seconds of the wall,
/// which say little on a machine that does other work too.
private let cpuLimit = 8.0

/// Seeds that a format gets at most; sure ones come first.
private let seedLimit = 400

@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>>>
) -> CInt {
    var settings = ScanSettings()
    settings.limits.operations = 2_000_000
    settings.limits.inflatedBytes = 64 << 20
    // The sanitizer marks every byte that is allocated.
    settings.limits.memberBytes = 1 << 20
    guard let variable = getenv("ASSAY_FUZZ") else {
        exercise = ReaderExercise(settings: settings)
        return 0
    }
    switch String(cString: variable) {
    case "list":
        print(ReaderExercise.formats.joined(separator: "\n"))
        exit(0)
    case "seeds":
        let words = (1..<Int(count.pointee)).map { String(cString: arguments.pointee[$0]) }
        guard let folder = words.first else { exit(2) }
        writeSeeds(of: Array(words.dropFirst()), into: folder)
        exit(0)
    case let format:
        guard ReaderExercise.formats.contains(format) else {
            print("ASSAY_FUZZ is none of: \(ReaderExercise.formats.joined(separator: " "))")
            exit(2)
        }
        exercise = ReaderExercise(format: format, settings: settings)
    }
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let start = cpuSeconds()
    exercise.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    let spent = cpuSeconds() - start
    precondition(spent < cpuLimit, "one input took \(spent) CPU seconds")
    return 0
}

private func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

private func writeSeeds(of paths: [String], into folder: String) {
    mkdir(folder, 0o755)
    var seeds: [String: Set<[UInt8]>] = [:]
    for isSure in [true, false] {
        for path in paths {
            guard let bytes = contents(of: path) else { continue }
            for seed in ReaderExercise.seeds(from: bytes, path: path, limit: 64 << 10)
            where seed.isSure == isSure && seeds[seed.format, default: []].count < seedLimit {
                guard seeds[seed.format, default: []].insert(seed.bytes).inserted else { continue }
                let directory = "\(folder)/\(seed.format)"
                mkdir(directory, 0o755)
                write(seed.bytes, to: "\(directory)/seed-\(seeds[seed.format]!.count)")
            }
        }
    }
    for (format, values) in seeds.sorted(by: { $0.key < $1.key }) { print(format, values.count) }
}

private func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        guard count > 0 else { return bytes }
        bytes += buffer[..<count]
    }
}

private func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
}
