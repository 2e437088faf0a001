#if arch(x86_64)
    internal import CSHA256

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

        /// Takes in as many whole blocks as there are.
        /// - Returns: how many bytes that were.
        mutating func update(_ bytes: UnsafeRawBufferPointer) -> Int {
            let count = bytes.count / Self.block
            guard count > 0, let base = bytes.baseAddress else { return 0 }
            unsafe state.withUnsafeMutableBufferPointer { state in
                if let state = state.baseAddress { unsafe assay_sha256_one(state, base, count) }
            }
            length += UInt64(count * Self.block)
            return count * Self.block
        }

        /// Takes in as many whole blocks as both messages have.
        /// - Returns: how many bytes of each that were.
        static func update(
            _ first: inout Self, _ bytes: UnsafeRawBufferPointer, _ second: inout Self, _ others: UnsafeRawBufferPointer
        ) -> Int {
            let count = min(bytes.count, others.count) / block
            guard count > 0, let base = bytes.baseAddress, let other = others.baseAddress else { return 0 }
            unsafe first.state.withUnsafeMutableBufferPointer { state in
                unsafe second.state.withUnsafeMutableBufferPointer { otherState in
                    if let state = state.baseAddress, let otherState = otherState.baseAddress {
                        unsafe assay_sha256_two(state, base, otherState, other, count)
                    }
                }
            }
            first.length += UInt64(count * block)
            second.length += UInt64(count * block)
            return count * block
        }

        /// Ends the message with what is left of it, and the padding of section 5.1.1.
        /// - Parameter rest: the bytes after the last whole block that was taken in.
        consuming func finalize(_ rest: UnsafeRawBufferPointer) -> [UInt8] {
            let taken = unsafe update(rest)
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

        mutating func update(_ bytes: UnsafeRawBufferPointer) -> Int {
            switch none {}
        }

        static func update(
            _ first: inout Self, _ bytes: UnsafeRawBufferPointer, _ second: inout Self, _ others: UnsafeRawBufferPointer
        ) -> Int {
            switch first.none {}
        }

        consuming func finalize(_ rest: UnsafeRawBufferPointer) -> [UInt8] {
            switch none {}
        }
    }
#endif
