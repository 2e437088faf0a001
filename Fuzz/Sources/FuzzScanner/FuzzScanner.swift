import Scanning

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

// One binary serves all targets: ASSAY_FUZZ names the format whose reader and judge get the bytes. A crash, a trap, a hang
// and memory without bound are failures; whatever else a reader answers is right here.

nonisolated(unsafe) private var scanner = FileScanner()

@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>>>
) -> CInt {
    var settings = ScanSettings()
    settings.limits.operations = 2_000_000
    settings.limits.inflatedBytes = 64 << 20
    if let name = getenv("ASSAY_FUZZ") {
        let wanted = String(cString: name)
        guard FileScanner.formats.contains(wanted) else {
            print("ASSAY_FUZZ is none of: \(FileScanner.formats.joined(separator: " "))")
            exit(2)
        }
        scanner = FileScanner(settings: settings, formats: [wanted])
    } else {
        scanner = FileScanner(settings: settings)
    }
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    _ = scanner.scan(Array(UnsafeBufferPointer(start: bytes, count: count)), path: "fuzz")
    return 0
}
