// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every target of our own: Swift 6, explicit existentials, no leaking imports, audited memory.
let rules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatWarning("StrictMemorySafety", as: .error),
]

/// Members come from modules that the file imports.
let house = rules + [.enableUpcomingFeature("MemberImportVisibility")]

let package = Package(
    name: "assay",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "assay", targets: ["assay"]),
        .library(name: "Scanning", targets: ["Scanning"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    ],
    targets: [
        // Words and bytes.
        .target(name: "CBytes"),
        .target(name: "ByteParsing", dependencies: ["CBytes"], swiftSettings: house),
        .target(
            name: "AssayData",
            exclude: ["cards", "catalogs", "cyclonedx", "graphs", "names", "python", "rules", "spdx"]),
        .target(
            name: "AssayCore",
            dependencies: ["ByteParsing", "AssayData", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: house),

        // Compression libraries of the system.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CBzip2", providers: [.apt(["libbz2-dev"])]),
        .systemLibrary(name: "CLzma", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CLz4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),

        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "YAMLReading", dependencies: ["CLibYAML"], swiftSettings: house),

        .target(name: "Documents", dependencies: ["ByteParsing", "YAMLReading"], swiftSettings: house),

        // Reading and judging.
        .target(
            name: "ModelFormats",
            dependencies: ["ByteParsing", "CBytes", "CZlib", "CDeflate", "CBzip2", "CLzma", "CZstd", "CLz4"],
            swiftSettings: house),
        .target(name: "SecretDetection", dependencies: ["ByteParsing"], swiftSettings: house),
        .target(
            name: "Scanning",
            dependencies: ["AssayCore", "ByteParsing", "ModelFormats", "SecretDetection", "YAMLReading"],
            swiftSettings: house),

        // Signing, verifying and describing.
        .target(name: "CMappedMemory"),
        .target(name: "CBlake", dependencies: ["CMappedMemory"]),
        .target(name: "CSHA256", dependencies: ["CMappedMemory"]),
        .target(name: "CPKCS11"),
        .target(name: "CHTTP"),
        .target(
            name: "Provenance",
            dependencies: [
                "AssayCore", "ByteParsing", "CBlake", "CHTTP", "CPKCS11", "CSHA256", "Documents", "ModelFormats",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "_CryptoExtras", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: house),

        // Catalogues of controls, and the evidence that answers them.
        .target(
            name: "Controls", dependencies: ["AssayCore", "ByteParsing", "Documents", "ModelFormats"],
            swiftSettings: house),

        // What people know, joined with what was measured.
        .target(
            name: "Cards", dependencies: ["AssayCore", "ByteParsing", "Documents", "YAMLReading"],
            swiftSettings: house),

        // Containment.
        .target(name: "CSandbox"),
        .target(
            name: "Sandbox", dependencies: ["AssayCore", "ByteParsing", "CSandbox", "Scanning"], swiftSettings: house),

        // Telling.
        .target(
            name: "Reporting",
            dependencies: ["AssayCore", "ByteParsing", "Cards", "Controls", "Documents", "Scanning"],
            swiftSettings: house),

        // The program.
        .executableTarget(
            name: "assay",
            dependencies: [
                "AssayCore", "ByteParsing", "CSandbox", "Cards", "Controls", "Documents", "Provenance", "Reporting",
                "Sandbox", "Scanning", "YAMLReading",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house),

        // What the pickle machine does, in lines that Tests/Oracle compares with CPython's.
        .executableTarget(
            name: "pickle-log", dependencies: ["ByteParsing", "ModelFormats"], path: "Tests/Oracle/PickleLog",
            swiftSettings: house),

        // Damaged copies of files, scanned and measured for Tests/Property.
        .target(name: "Mutations", path: "Tests/Property/Mutations", swiftSettings: house),
        .executableTarget(
            name: "scan-mutations", dependencies: ["ByteParsing", "Mutations", "Scanning"],
            path: "Tests/Property/ScanMutations", swiftSettings: house),

        // Credentials found in texts, for the measurement in Tests/Corpus.
        .executableTarget(
            name: "secret-log", dependencies: ["ByteParsing", "SecretDetection"], path: "Tests/Oracle/SecretLog",
            swiftSettings: house),

        // What several test targets use: folders that go away with their test, time that only a thread's own work takes.
        .target(name: "Fixtures", path: "Tests/Fixtures", swiftSettings: house),

        .testTarget(name: "DocumentsTests", dependencies: ["Documents"], swiftSettings: house),
        .testTarget(
            name: "CardsTests", dependencies: ["Cards", "AssayCore", "ByteParsing", "Documents"], swiftSettings: house),
        .testTarget(name: "ByteParsingTests", dependencies: ["ByteParsing"], swiftSettings: house),
        .testTarget(name: "AssayCoreTests", dependencies: ["AssayCore", "ByteParsing"], swiftSettings: house),
        .testTarget(
            name: "ModelFormatsTests", dependencies: ["ModelFormats", "ByteParsing"], swiftSettings: house),
        .target(name: "CSandboxProbe", dependencies: ["CSandbox"], path: "Tests/CSandboxProbe"),
        .testTarget(
            name: "SandboxTests",
            dependencies: ["AssayCore", "ByteParsing", "CSandboxProbe", "Fixtures", "Sandbox", "Scanning", "assay"],
            swiftSettings: house),
        .testTarget(
            name: "ProvenanceTests",
            dependencies: [
                "Provenance", "AssayCore", "ByteParsing", "Fixtures", "Mutations",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            exclude: ["Fixtures"],
            swiftSettings: house),
        .testTarget(
            name: "ScanningTests",
            dependencies: [
                "Scanning", "AssayCore", "ByteParsing", "Fixtures", "ModelFormats", "Mutations", "YAMLReading",
            ],
            swiftSettings: house),
        .testTarget(
            name: "SecretDetectionTests", dependencies: ["ByteParsing", "Fixtures", "Mutations", "SecretDetection"],
            swiftSettings: house),
        .testTarget(
            name: "ControlsTests", dependencies: ["Controls", "AssayCore", "ByteParsing", "Documents"],
            swiftSettings: house),
        .testTarget(
            name: "ReportingTests",
            dependencies: [
                "Reporting", "AssayCore", "ByteParsing", "Cards", "Controls", "Documents", "Fixtures", "Scanning",
            ],
            exclude: ["Snapshots"],
            swiftSettings: house),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "assay", "AssayCore", "ByteParsing", "Controls", "Documents", "Fixtures", "Provenance",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Snapshots"],
            swiftSettings: house),
    ]
)
