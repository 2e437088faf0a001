// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the product's build knows nothing of it: `make fuzz` builds it with libFuzzer and the
// address sanitizer.
let package = Package(
    name: "Fuzz",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "assay", path: "..")],
    targets: [
        .executableTarget(
            name: "FuzzScanner",
            dependencies: [.product(name: "Scanning", package: "assay")],
            swiftSettings: [.unsafeFlags(["-parse-as-library"])])
    ]
)
