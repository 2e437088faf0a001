import AssayCore
import ByteParsing
import Scanning
import Testing

/// Arrays in the middle of a pickle: whoever takes their bytes for others than joblib does reads another stream.
@Suite struct JoblibArrayTests {
    private let array = [UInt8](repeating: 0x4E, count: 40)
    private let code = Array("0cbuiltins\nexec\n(Vprint(1)\ntR.".utf8)

    private func scan(_ bytes: [UInt8]) -> FileReport { FileScanner().scan(ByteRegion(bytes), path: "model.joblib") }

    /// The frame ends in front of the array, as joblib writes it.
    @Test func arrayBehindAFrameIsOrdinary() {
        let report = scan(NestedSamples.joblib(array))
        #expect(report.findings.isEmpty)
        #expect(report.outcome == .clean)
    }

    /// The length of padding is never a mark for none: 255 bytes are passed over, and no file of joblib's has so many.
    @Test func allPaddingIsPassedOver() {
        let wrapper = NestedSamples.joblibWrapper(count: array.count)
        let padding = filled(40, 0) + [0x73, 0x2E] + filled(213, 0)
        let report = scan(joined(Array(wrapper.prefix(226)), [0xFF], padding, array, code))
        #expect(report.findings.contains { $0.rule == "PICKLE-LOADER-DIVERGENCE" && $0.severity == .high })
        #expect(report.findings.contains { $0.rule == "PICKLE-CODE-EXECUTION" && $0.severity == .critical })
    }

    /// The loader runs what is left of the frame, and reads the array behind it.
    @Test func codeBetweenWrapperAndArrayIsFound() {
        let report = scan(framed(code))
        #expect(report.findings.contains { $0.rule == "PICKLE-CODE-EXECUTION" && $0.severity == .critical })
    }

    /// Opcodes that would start inside of the owed array are the array's bytes.
    @Test(arguments: ["N", "NN0"])
    func arrayThatIsOwedIsNotReadAsOpcodes(_ more: String) {
        for next in [[0x2E], [0x4E, 0x2E], [0x95, 2, 0, 0, 0, 0, 0, 0, 0, 0x4E, 0x2E]] as [[UInt8]] {
            let report = scan(framed(Array(more.utf8), behind: next))
            #expect(report.severity == .high, "\(next)")
        }
    }

    /// A wrapper that is made, named or handed on otherwise than by joblib, whose array a reader would take for opcodes.
    @Test(arguments: [
        "\u{8C}\u{8}builtins\u{8C}\u{E}object.__new__\u{93}†\u{85}R",
        "\u{8C}\u{4}copy\u{8C}\u{4}copy\u{93}†)\u{81}\u{85}R",
        "\u{8C}\u{8}builtins\u{8C}\u{3}max\u{93}†)\u{81}\u{85}\u{85}R",
        "†)\u{81}\u{94}0\u{8C}\u{4}copy\u{8C}\u{4}copy\u{93}h\u{0}\u{85}R",
        "†\u{94}0\u{8C}\u{4}copy\u{8C}\u{4}copy\u{93}h\u{0})\u{81}\u{85}R",
        "\u{8C}\u{8}operator\u{8C}\u{7}getitem\u{93}\u{8C}\u{13}joblib.numpy_pickle\u{8C}\u{8}__dict__\u{93}"
            + "\u{8C}\u{11}NumpyArrayWrapper\u{86}R)\u{81}",
    ])
    func wrappersAtLargeAreReported(_ target: String) {
        var bytes: [UInt8] = [0x80, 4]
        for scalar in target.unicodeScalars {
            bytes += scalar == "†" ? wrapperClass : [UInt8(truncatingIfNeeded: scalar.value)]
        }
        let report = scan(joined(bytes, state(), [0x62, 0x30, 0x4E, 0x2E], filled(90), code))
        #expect(
            report.findings.contains { $0.rule == "PICKLE-LOADER-DIVERGENCE" && $0.severity == .high }
                || report.severity == .critical, "\(target)")
    }

    /// The names that joblib reads, in another object's state or beside others, lead it elsewhere.
    @Test(arguments: ["read", "numpy_array_alignment_bytes", "shape"])
    func strangeStatesAreNotFollowed(_ name: String) {
        let member = word(name) + [0x4B, 1]
        let report = scan(joined(start, state(member), [0x62, 1, 0xFF], array, [0x2E]))
        #expect(report.severity == .high)
    }

    /// The pickle of an array of objects is read by a plain unpickler.
    @Test func wrappersInPicklesOfObjectsAreNoArrays() {
        let outer = joined(start, state(type: "O8"), [0x62])
        let inner = joined(wrapperClass, [0x29, 0x81], state(), [0x62], code)
        let report = scan(joined(outer, inner, filled(90), [0x2E, 0x2E]))
        #expect(report.severity == .critical)
    }

    /// `numpy.dtype('f8')` has eight bytes, whatever its state says.
    @Test func statesDoNotResizeNumbers() {
        let type = dtype("f8", size: [0x4B, 40])
        let stream = joined(start, state(count: 1, dtype: type), [0x62, 1, 0xFF], filled(8), code, filled(40))
        #expect(scan(stream).severity == .critical)
    }

    /// A plain unpickler runs the array, and the padding before it.
    @Test func bytesOfArraysAreReadAsAPlainLoaderDoes() {
        let elements = joined(code, filled(8 - code.count % 8))
        let bare = state(count: UInt8(elements.count / 8), dtype: dtype("f8"), isPadded: false)
        #expect(scan(joined(start, bare, [0x62], elements, [0x2E])).severity == .critical)
        let padding = joined(code, filled(49 - code.count))
        #expect(scan(joined(start, state(), [0x62], padding, array, [0x2E])).severity >= .high)
    }

    /// Before 0.10, arrays were files beside the pickle, which the wrapper names.
    @Test func arraysInFilesOfTheirOwnAreReported() {
        let wrapper = joined(
            [0x80, 4], word("joblib.numpy_pickle_compat"), word("NDArrayWrapper"), [0x93, 0x29, 0x81])
        let named = joined([0x7D], word("filename"), word("/srv/upload"), [0x73, 0x62, 0x2E])
        #expect(scan(wrapper + named).findings.contains { $0.rule == "PICKLE-INDIRECT-LOAD" && $0.severity == .medium })
    }

    /// joblib's older protocols make the wrapper by a call.
    @Test func olderProtocolsAreFollowed() {
        let reconstructor = joined(word("copyreg"), word("_reconstructor"), [0x93])
        let object = joined(word("builtins"), word("object"), [0x93])
        let made = joined([0x80, 4], reconstructor, wrapperClass, object, [0x4E, 0x87, 0x52])
        let report = scan(joined(made, state(), [0x62, 1, 0xFF], array, [0x2E]))
        #expect(report.findings.isEmpty)
        #expect(report.outcome == .clean)
    }

    /// One array whose frame goes on with `more`; what a reader finds that takes the array from there ends it well.
    private func framed(_ more: [UInt8], behind: [UInt8] = [0]) -> [UInt8] {
        let wrapper = NestedSamples.joblibWrapper(count: array.count)
        let frame = Array(wrapper[11..<226]) + more
        let length = (0..<8).map { UInt8(truncatingIfNeeded: frame.count >> (8 * $0)) }
        // A first byte of 0x30 would be 48 bytes of padding.
        let rest = filled(1 + 0x30 + array.count - more.count - behind.count)
        return joined(Array(wrapper.prefix(3)), length, frame, behind, rest, [0x4E, 0x2E])
    }

    private func joined(_ parts: [UInt8]...) -> [UInt8] { Array(parts.joined()) }

    private func filled(_ count: Int, _ byte: UInt8 = 0x4E) -> [UInt8] { [UInt8](repeating: byte, count: count) }

    private func word(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }

    private var wrapperClass: [UInt8] { joined(word("joblib.numpy_pickle"), word("NumpyArrayWrapper"), [0x93]) }

    /// A wrapper as joblib makes it.
    private var start: [UInt8] { joined([0x80, 4], wrapperClass, [0x29, 0x81]) }

    /// The state that joblib writes, with `more` behind it.
    private func state(
        _ more: [UInt8] = [], count: UInt8 = 40, type: String = "u1", dtype: [UInt8]? = nil, isPadded: Bool = true
    ) -> [UInt8] {
        var state = joined([0x7D, 0x28], word("subclass"), word("numpy"), word("ndarray"), [0x93])
        state += joined(word("shape"), [0x4B, count, 0x85], word("order"), word("C"), word("dtype"))
        state += joined(dtype ?? self.dtype(type), word("allow_mmap"), [0x88])
        if isPadded { state += word("numpy_array_alignment_bytes") + [0x4B, 16] }
        return joined(state, more, [0x75])
    }

    private func dtype(_ code: String, size: [UInt8] = [0x4A, 0xFF, 0xFF, 0xFF, 0xFF]) -> [UInt8] {
        let flags: UInt8 = code.hasPrefix("O") ? 63 : 0
        let call = joined(word("numpy"), word("dtype"), [0x93], word(code), [0x89, 0x88, 0x87, 0x52])
        let state = joined([0x28, 0x4B, 3], word("|"), [0x4E, 0x4E, 0x4E], size)
        return joined(call, state, [0x4A, 0xFF, 0xFF, 0xFF, 0xFF, 0x4B, flags, 0x74, 0x62])
    }
}
