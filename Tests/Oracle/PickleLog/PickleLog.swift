import ByteParsing
import ModelFormats

/// Prints what the pickle machine does with each stream of a batch, for comparison with CPython's unpickler.
///
/// Input on standard input: for each stream its length (32 bits, little-endian) and its bytes. Output: `#` and the
/// stream's number, one line an event, then `stop` or `broken` with an offset. With file names as arguments it only runs
/// the machine over them and prints the number of opcodes: for timing.
@main
struct PickleLogProgram {
    static func main() {
        for path in CommandLine.arguments.dropFirst() {
            let descriptor = unsafe open(path, O_RDONLY)
            let size = Int(lseek(descriptor, 0, SEEK_END))
            guard let file = try? ByteRegion.map(descriptor: descriptor, count: size) else { continue }
            emit("\(PickleLog.opcodes(of: file)) \(path)\n")
        }
        guard CommandLine.arguments.count < 2 else { return flush() }
        var input: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            input += chunk[..<count]
        }
        let region = ByteRegion(input)
        var at = 0
        var number = 0
        while let length = region.little(UInt32.self, at: at), let stream = region.slice(at + 4, Int(length)) {
            let copy = ByteRegion(stream.array())
            emit("#\(number)\n" + PickleLog.lines(of: copy).joined(separator: "\n") + "\n")
            at += 4 + Int(length)
            number += 1
        }
        flush()
    }

    nonisolated(unsafe) private static var output: [UInt8] = []

    private static func emit(_ text: String) {
        unsafe output += Array(text.utf8)
        if unsafe output.count > 1 << 20 { flush() }
    }

    private static func flush() {
        unsafe output.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let step = unsafe write(1, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
                guard step > 0 else { break }
                done += step
            }
        }
        unsafe output.removeAll(keepingCapacity: true)
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
