#if arch(x86_64)
    internal import CSHA256
#endif

/// What became of bytes that were to be taken in.
enum HashOutcome: Equatable {
    /// So many of each message.
    case taken(Int)
    /// The memory of a message was a file's that has become shorter.
    case lostFirst, lostSecond
}

#if arch(x86_64)

    /// SHA-256 (FIPS 180-4) of a message that comes in whole blocks, two messages at a time.
    ///
    /// A processor with instructions for SHA-256 waits half of the time for the round before when it has one message; two
    /// that are hashed in turns cost little more than one. Where there are no such instructions, there is no such value.
    struct PairableSHA256 {
        /// Bytes of a block.
        static let block = 64
        static let isSupported = assay_sha256_is_supported() != 0

        /// The eight words of the hash value; at first those of section 5.3.3.
        private var state: [UInt32] = [
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
        ]
        private var length: UInt64 = 0

        init?() {
            guard Self.isSupported else { return nil }
        }

        /// Takes in as many whole blocks as there are. The memory may be a mapped file's.
        /// - Returns: how many bytes that were, or which message there were no bytes of any more.
        mutating func update(_ bytes: UnsafeRawBufferPointer) -> HashOutcome {
            let count = bytes.count / Self.block
            guard count > 0, let base = bytes.baseAddress else { return .taken(0) }
            let lost = unsafe state.withUnsafeMutableBufferPointer { state -> CInt in
                guard let state = state.baseAddress else { return 0 }
                return unsafe assay_sha256_one_mapped(state, base, count)
            }
            guard lost == 0 else { return .lostFirst }
            length += UInt64(count * Self.block)
            return .taken(count * Self.block)
        }

        /// Takes in as many whole blocks as both messages have.
        /// - Returns: how many bytes of each that were; else neither message took in any.
        static func update(
            _ first: inout Self, _ bytes: UnsafeRawBufferPointer, _ second: inout Self, _ others: UnsafeRawBufferPointer
        ) -> HashOutcome {
            let count = min(bytes.count, others.count) / block
            guard count > 0, let base = bytes.baseAddress, let other = others.baseAddress else { return .taken(0) }
            let lost = unsafe first.state.withUnsafeMutableBufferPointer { state -> CInt in
                unsafe second.state.withUnsafeMutableBufferPointer { otherState in
                    guard let state = state.baseAddress, let otherState = otherState.baseAddress else { return 0 }
                    return unsafe assay_sha256_two_mapped(state, base, otherState, other, count)
                }
            }
            guard lost == 0 else { return lost == 1 ? .lostFirst : .lostSecond }
            first.length += UInt64(count * block)
            second.length += UInt64(count * block)
            return .taken(count * block)
        }

        /// Ends the message with what is left of it, and the padding of section 5.1.1.
        /// - Parameter rest: the bytes after the last whole block that was taken in; not of a mapped file.
        consuming func finalize(_ rest: UnsafeRawBufferPointer) -> [UInt8] {
            var taken = 0
            if case .taken(let count) = unsafe update(rest) { taken = count }
            let bits = (length + UInt64(rest.count - taken)) << 3
            var end = unsafe Array(rest[taken...])
            end.append(0x80)
            while end.count % Self.block != Self.block - 8 { end.append(0) }
            for shift in stride(from: 56, through: 0, by: -8) { end.append(UInt8(truncatingIfNeeded: bits >> shift)) }
            _ = unsafe end.withUnsafeBytes { unsafe update($0) }
            return state.flatMap { word in
                stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
            }
        }
    }
#else
    /// Elsewhere two messages at a time are no faster than one after the other: there is no such value.
    struct PairableSHA256 {
        static let block = 64
        static let isSupported = false
        private let none: Never

        init?() { return nil }

        mutating func update(_ bytes: UnsafeRawBufferPointer) -> HashOutcome {
            switch none {}
        }

        static func update(
            _ first: inout Self, _ bytes: UnsafeRawBufferPointer, _ second: inout Self, _ others: UnsafeRawBufferPointer
        ) -> HashOutcome {
            switch first.none {}
        }

        consuming func finalize(_ rest: UnsafeRawBufferPointer) -> [UInt8] {
            switch none {}
        }
    }
#endif
