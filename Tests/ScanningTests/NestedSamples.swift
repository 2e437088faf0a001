import Foundation

/// Pickles that call `os.system`, in other content by way of compression and text encodings: as Python's and NumPy's own
/// functions write them.
enum NestedSamples {
    static let all: [(name: String, bytes: [UInt8])] = [
        ("const_bz2_p4", constant(bzip2)),
        ("const_xz_p4", constant(xz)),
        ("const_lzma_p4", constant(lzma)),
        ("const_zstd", constant(zstd)),
        ("const_bz2_p0", oldConstant(bzip2)),
        ("enc_b85", constant(Array("fCQBy000000001t1#oY3X?T>326K6HbY*Rnla!1HWn*Y>AZTfng_Kg1E&".utf8))),
        ("enc_b85_str", constant(text: "fCQBy000000001t1#oY3X?T>326K6HbY*Rnla!1HWn*Y>AZTfng_Kg1E&")),
        ("enc_a85", constant(Array("J-;,]z!!!\"X\"`SC$Bm>l$#'5'2FCf<RPE_\"2ARfCl+D>JRKp5K\"/c".utf8))),
        ("enc_a85a", constant(Array("<~J-;,]z!!!\"X\"`SC$Bm>l$#'5'2FCf<RPE_\"2ARfCl+D>JRKp5K\"/c~>".utf8))),
        ("enc_b32", constant(Array("QACJKIQAAAAAAAAAACGAK4DPONUXRFEMAZZXS43UMVWZJE4URQDWKY3IN4QGQ2MUQWKFFFBO".utf8))),
        ("enc_rot13", constant(text: "pcbfvk\nflfgrz\nc0\n(Irpub uv\nc1\ngc2\nEc3\n.")),
        ("enc_rot13_b64", constant(text: "tNFIVtNNNNNNNNPZOKOip2y4yVjTp3ymqTIgyWBHwNqyL2uiVTucyVJHHcDh")),
        (
            "enc_b64_b64",
            constant(Array("Z0FTVklnQUFBQUFBQUFDTUJYQnZjMmw0bEl3R2MzbHpkR1Z0bEpPVWpBZGxZMmh2SUdocGxJV1VVcFF1".utf8))
        ),
        (
            "enc_hex_b64",
            constant(
                Array(
                    "6741535649674141414141414141434d4258427663326c346c49774763336c7a644756746c4a4f556a41646c59326876494768706c49575555705175"
                        .utf8))
        ),
        (
            "enc_b64_b64_hex",
            constant(
                Array(
                    "T0RBd05EazFNakl3TURBd01EQXdNREF3TURBd01EaGpNRFUzTURabU56TTJPVGM0T1RRNFl6QTJOek0zT1Rjek56UTJOVFprT1RRNU16azBPR013TnpZMU5qTTJPRFptTWpBMk9EWTVPVFE0TlRrME5USTVOREps"
                        .utf8))
        ),
        (
            "enc_b32_zlib",
            constant(Array("PCOGWYEZVLCAAAJ5VQC7TRMZCVJXVWEKFOFUWUTTU5GJ5UWDT2NJZENPSCITTJLVJLIBIPIAFUTA62Q=".utf8))
        ),
        ("enc_b85_zlib", constant(Array("c${lsnX1G90X?h*`Nf$PQ+n8nD~n4~bEiz6(!-vboRP1PkvXMxO3)NN04*jDY5".utf8))),
        ("call_bz2", call("bz2", "decompress", bzip2)),
        ("call_lzma", call("lzma", "decompress", xz)),
        (
            "call_b85",
            call("base64", "b85decode", Array("fCQBy000000001t1#oY3X?T>326K6HbY*Rnla!1HWn*Y>AZTfng_Kg1E&".utf8))
        ),
        (
            "call_b32",
            call(
                "base64", "b32decode",
                Array("QACJKIQAAAAAAAAAACGAK4DPONUXRFEMAZZXS43UMVWZJE4URQDWKY3IN4QGQ2MUQWKFFFBO".utf8))
        ),
        ("call_zlib_raw", call("zlib", "decompress", deflate, then: [0x4A, 0xF1, 0xFF, 0xFF, 0xFF, 0x86])),
        ("call_codecs_bz2", call("_codecs", "decode", bzip2, then: short("bz2") + [0x86])),
        ("u8.npy", array("|u1", 45, pickle)),
        ("u8_pad.npy", array("|u1", 145, [UInt8](repeating: 0, count: 100) + pickle)),
        ("void.npy", array("|V45", 1, pickle)),
        ("bytes.npy", array("|S46", 1, pickle + [0x78])),
        ("str.npy", array("<U60", 1, Data(pickle).base64EncodedString().utf8.flatMap { [$0, 0, 0, 0] })),
        ("u8_zlib.npy", array("|u1", 49, zlib)),
        ("u8_bz2.npy", array("|u1", 84, bzip2)),
        ("u8_b64.npy", array("|u1", 60, Array(Data(pickle).base64EncodedString().utf8))),
        ("arr.joblib", joblib(pickle)),
        ("arr_inner_z.joblib", joblib(zlib)),
    ]

    // MARK: What lies in it

    /// `os.system('echo hi')` in protocol 4.
    private static let pickle = decoded(
        "gASVIgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAdlY2hvIGhplIWUUpQu")
    private static let bzip2 = decoded(
        "QlpoOTFBWSZTWc+7fzkAAA9T4E+AUAEQAApizGBCBA4AIAAxTRoA0AAETUMQYj1MeqZ6pFUS/zmJTyQowrBQ3WKxC3pZXDMM"
            + "kn8XckU4UJDPu385")
    private static let xz = decoded(
        "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAsgASVIgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAdlY2hvIGhplIWUUpQu"
            + "AAAAADEvITGiKTjmAAFFLR5SV+gftvN9AQAAAAAEWVo=")
    private static let lzma = decoded(
        "XQAAgAD//////////wBAAQ5vgrUpCpD9Ad17Kxsm3zd3Fn0VOKq5qXsNhLzaekPtPF/U0GQYcSaw3RCVP/9ukgAA")
    private static let zstd = decoded(
        "KLUv/SAtaQEAgASVIgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAdlY2hvIGhplIWUUpQu")
    private static let zlib = decoded(
        "eJxrYJmqxAABPawF+cWZFVN62Iori0tSc6dMntLDnpqcka+QkTmldUrQFD0ALSYPag==")
    private static let deflate = decoded(
        "a2CZqsQAAT2sBfnFmRVTetiKK4tLUnOnTJ7Sw56anJGvkJE5pXVK0BQ9AA==")

    private static func decoded(_ text: String) -> [UInt8] { [UInt8](Data(base64Encoded: text) ?? Data()) }

    // MARK: What it lies in

    /// A pickle of protocol 4 in one frame.
    private static func framed(_ body: [UInt8]) -> [UInt8] {
        [0x80, 4, 0x95] + (0..<8).map { UInt8(truncatingIfNeeded: body.count >> (8 * $0)) } + body
    }

    /// SHORT_BINUNICODE, MEMOIZE.
    private static func short(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) + [0x94] }

    /// `{'a': data}`
    private static func constant(_ data: [UInt8]) -> [UInt8] {
        framed([0x7D, 0x94] + short("a") + [0x43, UInt8(data.count)] + data + [0x94, 0x73, 0x2E])
    }

    /// `{'a': text}`
    private static func constant(text: String) -> [UInt8] {
        framed([0x7D, 0x94] + short("a") + short(text) + [0x73, 0x2E])
    }

    /// The same in protocol 0, where bytes are a text that is encoded when it is loaded.
    private static func oldConstant(_ data: [UInt8]) -> [UInt8] {
        let text = data.flatMap { byte in
            [0, 0x0A, 0x0D, 0x1A, 0x5C].contains(byte)
                ? Array("\\u00".utf8) + (byte < 16 ? [0x30] : []) + Array(String(byte, radix: 16).utf8) : [byte]
        }
        return Array("(dp0\nVa\np1\nc_codecs\nencode\np2\n(V".utf8) + text
            + Array("\np3\nVlatin1\np4\ntp5\nRp6\ns.".utf8)
    }

    /// A call of `module.name` on the data; `rest` pushes what else there is and makes the tuple.
    private static func call(
        _ module: String, _ name: String, _ data: [UInt8], then rest: [UInt8] = [0x85]
    ) -> [UInt8] {
        framed(
            short(module) + short(name) + [0x93, 0x94, 0x43, UInt8(data.count)] + data + [0x94] + rest
                + [0x94, 0x52, 0x94, 0x2E])
    }

    /// An `.npy` file of version 1 with one dimension.
    private static func array(_ type: String, _ count: Int, _ data: [UInt8]) -> [UInt8] {
        let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(count),), }"
        let padding = String(repeating: " ", count: 117 - header.utf8.count)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array((header + padding + "\n").utf8) + data
    }

    /// `{'a': array}` as joblib writes it: the bytes of the array stand behind its wrapper, in the middle of the stream.
    static func joblib(_ data: [UInt8]) -> [UInt8] { joblibWrapper(count: data.count) + data + [0x73, 0x2E] }

    /// The start of that, with the padding before the array's bytes.
    static func joblibWrapper(count: Int) -> [UInt8] { wrapper.prefix(107) + [UInt8(count)] + wrapper.dropFirst(108) }

    private static let wrapper = decoded(
        "gASV1wAAAAAAAAB9lIwBYZSME2pvYmxpYi5udW1weV9waWNrbGWUjBFOdW1weUFycmF5V3JhcHBlcpSTlCmBlH2UKIwIc3Vi"
            + "Y2xhc3OUjAVudW1weZSMB25kYXJyYXmUk5SMBXNoYXBllEsAhZSMBW9yZGVylIwBQ5SMBWR0eXBllGgIjAVkdHlwZZSTlIwC"
            + "dTGUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LAHSUYowKYWxsb3dfbW1hcJSIjBtudW1weV9hcnJheV9hbGlnbm1lbnRf"
            + "Ynl0ZXOUSxB1Yg3/////////////////")
}
