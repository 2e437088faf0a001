import AssayCore
import ByteParsing
import Foundation
import Scanning
import Testing

/// Pickles that lie in other content by way of compression and text encodings. Each sample was written by Python's and NumPy's
/// own functions, and holds a pickle that would call `os.system`.
@Suite struct NestedContentTests {
    private static let samples: [(name: String, content: String)] = [
        (
            "const_bz2_p4",
            "gASVXwAAAAAAAAB9lIwBYZRDVEJaaDkxQVkmU1nPu385AAAPU+BPgFABEAAKYsxgQgQOACAAMU0aANAABE1DEGI9THqmeqRVEv85iU8k"
                + "KMKwUN1isQt6WVwzDJJ/F3JFOFCQz7t/OZRzLg=="
        ),
        (
            "const_xz_p4",
            "gASVcwAAAAAAAAB9lIwBYZRDaP03elhaAAAE5ta0RgIAIQEWAAAAdC/lowEALIAElSIAAAAAAAAAjAVwb3NpeJSMBnN5c3RlbZSTlIwH"
                + "ZWNobyBoaZSFlFKULgAAAAAxLyExoik45gABRS0eUlfoH7bzfQEAAAAABFlalHMu"
        ),
        (
            "const_lzma_p4",
            "gASVTQAAAAAAAAB9lIwBYZRDQl0AAIAA//////////8AQAEOb4K1KQqQ/QHdeysbJt83dxZ9FTiqual7DYS82npD7Txf1NBkGHEmsN0Q"
                + "lT//bpIAAJRzLg=="
        ),
        (
            "const_zstd",
            "gASVQQAAAAAAAAB9lIwBYZRDNii1L/0gLWkBAIAElSIAAAAAAAAAjAVwb3NpeJSMBnN5c3RlbZSTlIwHZWNobyBoaZSFlFKULpRzLg=="
        ),
        (
            "const_bz2_p0",
            "KGRwMApWYQpwMQpjX2NvZGVjcwplbmNvZGUKcDIKKFZCWmg5MUFZJlNZz7t/OVx1MDAwMFx1MDAwMA9T4E+AUAEQXHUwMDAwXHUwMDBh"
                + "YsxgQgQOXHUwMDAwIFx1MDAwMDFNXHUwMDFhXHUwMDAw0Fx1MDAwMARNQxBiPUx6pnqkVRL/OYlPJCjCsFDdYrELellcdTAwNWMzDJJ/"
                + "F3JFOFCQz7t/OQpwMwpWbGF0aW4xCnA0CnRwNQpScDYKcy4="
        ),
        (
            "enc_b85",
            "gASVRAAAAAAAAAB9lIwBYZRDOWZDUUJ5MDAwMDAwMDAxdDEjb1kzWD9UPjMyNks2SGJZKlJubGEhMUhXbipZPkFaVGZuZ19LZzFFJpRz"
                + "Lg=="
        ),
        (
            "enc_b85_str",
            "gASVRAAAAAAAAAB9lIwBYZSMOWZDUUJ5MDAwMDAwMDAxdDEjb1kzWD9UPjMyNks2SGJZKlJubGEhMUhXbipZPkFaVGZuZ19LZzFFJpRz"
                + "Lg=="
        ),
        (
            "enc_a85",
            "gASVQAAAAAAAAAB9lIwBYZRDNUotOyxdeiEhISJYImBTQyRCbT5sJCMnNScyRkNmPFJQRV8iMkFSZkNsK0Q+SlJLcDVLIi9jlHMu"
        ),
        (
            "enc_a85a",
            "gASVRAAAAAAAAAB9lIwBYZRDOTx+Si07LF16ISEhIlgiYFNDJEJtPmwkIyc1JzJGQ2Y8UlBFXyIyQVJmQ2wrRD5KUktwNUsiL2N+PpRz"
                + "Lg=="
        ),
        (
            "enc_b32",
            "gASVUwAAAAAAAAB9lIwBYZRDSFFBQ0pLSVFBQUFBQUFBQUFBQ0dBSzREUE9OVVhSRkVNQVpaWFM0M1VNVldaSkU0VVJRRFdLWTNJTjRR"
                + "R1EyTVVRV0tGRkZCT5RzLg=="
        ),
        (
            "enc_rot13",
            "gASVMgAAAAAAAAB9lIwBYZSMJ3BjYmZ2awpmbGZncnoKYzAKKElycHViIHV2CmMxCmdjMgpFYzMKLpRzLg=="
        ),
        (
            "enc_rot13_b64",
            "gASVRwAAAAAAAAB9lIwBYZSMPHRORklWdE5OTk5OTk5OUFpPS09pcDJ5NHlWalRwM3ltcVRJZ3lXQkh3TnF5TDJ1aVZUdWN5VkpISGNE"
                + "aJRzLg=="
        ),
        (
            "enc_b64_b64",
            "gASVWwAAAAAAAAB9lIwBYZRDUFowRlRWa2xuUVVGQlFVRkJRVUZEVFVKWVFuWmpNbXcwYkVsM1IyTXpiSHBrUjFaMGJFcFBWV3BCWkd4"
                + "Wk1taDJTVWRvY0d4SlYxVlZjRkYxlHMu"
        ),
        (
            "enc_hex_b64",
            "gASVgwAAAAAAAAB9lIwBYZRDeDY3NDE1MzU2NDk2NzQxNDE0MTQxNDE0MTQxNDE0MzRkNDI1ODQyNzY2MzMyNmMzNDZjNDk3NzQ3NjMz"
                + "MzZjN2E2NDQ3NTY3NDZjNGE0ZjU1NmE0MTY0NmM1OTMyNjg3NjQ5NDc2ODcwNmM0OTU3NTU1NTcwNTE3NZRzLg=="
        ),
        (
            "enc_b64_b64_hex",
            "gASVqwAAAAAAAAB9lIwBYZRDoFQwUkJkMDVFYXpGTmFrbDNUVVJCZDAxRVFYZE5SRUYzVFVSQmQwMUVhR3BOUkZVelRVUmFiVTU2VFRK"
                + "UFZHTTBUMVJSTkZsNlFUSk9lazB6VDFSamVrNTZVVEpPVkZwclQxUlJOVTE2YXpCUFIwMTNUbnBaTVU1cVRUSlBSRnB0VFdwQk1rOUVX"
                + "VFZQVkZFMFRsUnJNRTVVU1RWT1JFcHOUcy4="
        ),
        (
            "enc_b32_zlib",
            "gASVWwAAAAAAAAB9lIwBYZRDUFBDT0dXWUVaVkxDQUFBSjVWUUM3VFJNWkNWSlhWV0VLRk9GVVdVVFRVNUdKNVVXRFQyTkpaRU5QU0NJ"
                + "VFRKTFZKTElCSVBJQUZVVEE2MlE9lHMu"
        ),
        (
            "enc_b85_zlib",
            "gASVSQAAAAAAAAB9lIwBYZRDPmMke2xzblgxRzkwWD9oKmBOZiRQUStuOG5Efm40fmJFaXo2KCEtdmJvUlAxUGt2WE14TzMpTk4wNCpq"
                + "RFk1lHMu"
        ),
        (
            "call_zlib_raw",
            "gASVTgAAAAAAAACMBHpsaWKUjApkZWNvbXByZXNzlJOUQytrYJmqxAABPawF+cWZFVN62Iori0tSc6dMntLDnpqcka+QkTmldUrQFD0A"
                + "lErx////hpRSlC4="
        ),
        (
            "call_bz2",
            "gASVcQAAAAAAAACMA2J6MpSMCmRlY29tcHJlc3OUk5RDVEJaaDkxQVkmU1nPu385AAAPU+BPgFABEAAKYsxgQgQOACAAMU0aANAABE1D"
                + "EGI9THqmeqRVEv85iU8kKMKwUN1isQt6WVwzDJJ/F3JFOFCQz7t/OZSFlFKULg=="
        ),
        (
            "call_lzma",
            "gASVhgAAAAAAAACMBGx6bWGUjApkZWNvbXByZXNzlJOUQ2j9N3pYWgAABObWtEYCACEBFgAAAHQv5aMBACyABJUiAAAAAAAAAIwFcG9z"
                + "aXiUjAZzeXN0ZW2Uk5SMB2VjaG8gaGmUhZRSlC4AAAAAMS8hMaIpOOYAAUUtHlJX6B+2830BAAAAAARZWpSFlFKULg=="
        ),
        (
            "call_codecs_bz2",
            "gASVdwAAAAAAAACMB19jb2RlY3OUjAZkZWNvZGWUk5RDVEJaaDkxQVkmU1nPu385AAAPU+BPgFABEAAKYsxgQgQOACAAMU0aANAABE1D"
                + "EGI9THqmeqRVEv85iU8kKMKwUN1isQt6WVwzDJJ/F3JFOFCQz7t/OZSMA2J6MpSGlFKULg=="
        ),
        (
            "call_b85",
            "gASVWAAAAAAAAACMBmJhc2U2NJSMCWI4NWRlY29kZZSTlEM5ZkNRQnkwMDAwMDAwMDF0MSNvWTNYP1Q+MzI2SzZIYlkqUm5sYSExSFdu"
                + "Klk+QVpUZm5nX0tnMUUmlIWUUpQu"
        ),
        (
            "call_b32",
            "gASVZwAAAAAAAACMBmJhc2U2NJSMCWIzMmRlY29kZZSTlENIUUFDSktJUUFBQUFBQUFBQUFDR0FLNERQT05VWFJGRU1BWlpYUzQzVU1W"
                + "V1pKRTRVUlFEV0tZM0lONFFHUTJNVVFXS0ZGRkJPlIWUUpQu"
        ),
        (
            "u8.npy",
            "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDQ1LCksIH0gICAgICAgICAg"
                + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqABJUiAAAAAAAAAIwFcG9zaXiUjAZzeXN0ZW2U"
                + "k5SMB2VjaG8gaGmUhZRSlC4="
        ),
        (
            "u8_pad.npy",
            "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDE0NSwpLCB9ICAgICAgICAg"
                + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgASVIgAA"
                + "AAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAdlY2hvIGhplIWUUpQu"
        ),
        (
            "void.npy",
            "k05VTVBZAQB2AHsnZGVzY3InOiAnfFY0NScsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgxLCksIH0gICAgICAgICAg"
                + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqABJUiAAAAAAAAAIwFcG9zaXiUjAZzeXN0ZW2U"
                + "k5SMB2VjaG8gaGmUhZRSlC4="
        ),
        (
            "bytes.npy",
            "k05VTVBZAQB2AHsnZGVzY3InOiAnfFM0NicsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgxLCksIH0gICAgICAgICAg"
                + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqABJUiAAAAAAAAAIwFcG9zaXiUjAZzeXN0ZW2U"
                + "k5SMB2VjaG8gaGmUhZRSlC54"
        ),
        (
            "str.npy",
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPFU2MCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgxLCksIH0gICAgICAgICAg"
                + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIApnAAAAQQAAAFMAAABWAAAASQAAAGcAAABBAAAA"
                + "QQAAAEEAAABBAAAAQQAAAEEAAABBAAAAQQAAAEMAAABNAAAAQgAAAFgAAABCAAAAdgAAAGMAAAAyAAAAbAAAADQAAABsAAAASQAAAHcA"
                + "AABHAAAAYwAAADMAAABsAAAAegAAAGQAAABHAAAAVgAAAHQAAABsAAAASgAAAE8AAABVAAAAagAAAEEAAABkAAAAbAAAAFkAAAAyAAAA"
                + "aAAAAHYAAABJAAAARwAAAGgAAABwAAAAbAAAAEkAAABXAAAAVQAAAFUAAABwAAAAUQAAAHUAAAA="
        ),
        (
            "u8_zlib.npy",
            "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDQ5LCksIH0gICAgICAgICAg"
                + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAp4nGtgmarEAAE9rAX5xZkVU3rYiiuLS1Jzp0ye"
                + "0sOempyRr5CROaV1StAUPQAtJg9q"
        ),
        (
            "u8_bz2.npy",
            "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDg0LCksIH0gICAgICAgICAg"
                + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIApCWmg5MUFZJlNZz7t/OQAAD1PgT4BQARAACmLM"
                + "YEIEDgAgADFNGgDQAARNQxBiPUx6pnqkVRL/OYlPJCjCsFDdYrELellcMwySfxdyRThQkM+7fzk="
        ),
        (
            "u8_b64.npy",
            "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDYwLCksIH0gICAgICAgICAg"
                + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIApnQVNWSWdBQUFBQUFBQUNNQlhCdmMybDRsSXdH"
                + "YzNsemRHVnRsSk9VakFkbFkyaHZJR2hwbElXVVVwUXU="
        ),
        (
            "arr.joblib",
            "gASV1wAAAAAAAAB9lIwBYZSME2pvYmxpYi5udW1weV9waWNrbGWUjBFOdW1weUFycmF5V3JhcHBlcpSTlCmBlH2UKIwIc3ViY2xhc3OU"
                + "jAVudW1weZSMB25kYXJyYXmUk5SMBXNoYXBllEsthZSMBW9yZGVylIwBQ5SMBWR0eXBllGgIjAVkdHlwZZSTlIwCdTGUiYiHlFKUKEsD"
                + "jAF8lE5OTkr/////Sv////9LAHSUYowKYWxsb3dfbW1hcJSIjBtudW1weV9hcnJheV9hbGlnbm1lbnRfYnl0ZXOUSxB1Yg3/////////"
                + "////////gASVIgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAdlY2hvIGhplIWUUpQucy4="
        ),
        (
            "arr_inner_z.joblib",
            "gASV1wAAAAAAAAB9lIwBYZSME2pvYmxpYi5udW1weV9waWNrbGWUjBFOdW1weUFycmF5V3JhcHBlcpSTlCmBlH2UKIwIc3ViY2xhc3OU"
                + "jAVudW1weZSMB25kYXJyYXmUk5SMBXNoYXBllEsxhZSMBW9yZGVylIwBQ5SMBWR0eXBllGgIjAVkdHlwZZSTlIwCdTGUiYiHlFKUKEsD"
                + "jAF8lE5OTkr/////Sv////9LAHSUYowKYWxsb3dfbW1hcJSIjBtudW1weV9hcnJheV9hbGlnbm1lbnRfYnl0ZXOUSxB1Yg3/////////"
                + "////////eJxrYJmqxAABPawF+cWZFVN62Iori0tSc6dMntLDnpqcka+QkTmldUrQFD0ALSYPanMu"
        ),
    ]

    private func scan(_ bytes: [UInt8], _ name: String = "model.bin", limits: Limits = Limits()) -> FileReport {
        var settings = ScanSettings()
        settings.limits = limits
        return FileScanner(settings: settings).scan(ByteRegion(bytes), path: name)
    }

    @Test(arguments: samples.indices)
    func pickleInsideIsFound(_ index: Int) throws {
        let sample = Self.samples[index]
        let bytes = [UInt8](try #require(Data(base64Encoded: sample.content)))
        let report = scan(bytes)
        #expect(report.severity >= .medium, "\(sample.name)")
        #expect(report.findings.contains { $0.message.contains("system") }, "\(sample.name)")
    }

    /// Text and bytes that only look like something encoded.
    @Test(arguments: [
        String(repeating: "a", count: 64), "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sklearn.ensemble._forest.RandomForestClassifier.predict_probability", "VGhpcyBpcyBqdXN0IGEgc2VudGVuY2Uu",
        "https://example.org/models/a/very/long/path/that/has/no/spaces/at/all.bin",
        "BZh is how a bzip2 stream begins, and PK how an archive does",
    ])
    func ordinaryConstantsAreClean(_ text: String) {
        let stream: [UInt8] = [0x80, 4, 0x8C, UInt8(text.utf8.count)] + Array(text.utf8) + [0x94, 0x2E]
        #expect(scan(stream).outcome == .clean, "\(text)")
    }

    @Test func whatACallDecompressesIsBounded() {
        // zlib.decompress of 4 MiB of zeros, when members may have 64 KiB.
        var limits = Limits()
        limits.memberBytes = 1 << 16
        limits.inflatedBytes = 1 << 20
        let length = (0..<4).map { UInt8(truncatingIfNeeded: Self.zeros.count >> (8 * $0)) }
        let stream: [UInt8] =
            [0x80, 3] + Array("czlib\ndecompress\n".utf8) + [0x42] + length + Self.zeros + [0x85, 0x52, 0x2E]
        #expect(scan(stream, limits: limits).outcome == .incomplete)
        #expect(scan(stream).outcome == .clean)
    }

    /// `zlib.compress(bytes(4 << 20), 9)`: a table of codes, matches of zeros, the checksum.
    private static let zeros: [UInt8] =
        [0x78, 0xDA, 0xED, 0xC1, 1, 1, 0, 0, 0, 0x82, 0x20, 0xFF, 0xAF, 0x6E, 0x48, 0x40, 1]
        + [UInt8](repeating: 0, count: 4_063) + [0x7C, 0x1B, 3, 0xC0, 0, 1]
}
