internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Reports programs: native code, scripts, and files that are made to be started although they carry a model.
struct ExecutableAnalyser: Analyser {
    let format: FormatID = "executable"

    func recognise(_ item: ScanItem) -> Recognition {
        guard let header = ExecutableHeader(item.region) else { return .no }
        switch header {
        case .script: return .likely
        case .batch: return Self.severity(of: header, named: item) > .none ? .likely : .no
        default: return .certain
        }
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard let header = ExecutableHeader(item.region) else { return }
        if item.depth == 0, scan.format == format { scan.format = FormatID(rawValue: header.formatName) }
        let severity = Self.severity(of: header, named: item)
        guard severity > .none else { return }
        let shape = header == .actuallyPortable ? "a program for every system (APE)" : "a program (\(header.rawValue))"
        let deceit: String
        if header.isNative, item.containers.last.map({ Self.models.contains($0) }) ?? false {
            deceit = " in an archive whose loader expects a model's data, or runs it"
        } else {
            deceit = severity >= .high && header != .actuallyPortable ? " under the name of something else" : ""
        }
        // The classes of an archive are one finding: a library has thousands.
        let place = header == .javaClass && item.depth > 0 && severity == .medium ? item.location.around : item.location
        scan.report("NATIVE-EXECUTABLE", "\(shape)\(deceit)", at: place, severity: severity)
    }

    /// A program that says it is one is a thing to know; one that goes by another name is there to deceive.
    private static func severity(of header: ExecutableHeader, named item: ScanItem) -> Severity {
        let kind = item.fileExtension
        switch header {
        case .actuallyPortable: return .high
        case .script:
            // What promises data and is run instead is there to deceive; sources of all languages begin so.
            guard ModelNames.format(promisedBy: kind) == nil, !dataExtensions.contains(kind) else { return .high }
            // Python source is judged by what it does; scripts beside a model are common in repositories.
            if kind == "py" { return .none }
            return item.depth > 0 ? .medium : .low
        case .batch:
            // What such a file says is judged as the script that it is; here only that it goes by another name.
            return ModelNames.format(promisedBy: kind) != nil || dataExtensions.contains(kind) ? .high : .none
        case .webAssembly: return kind == "wasm" ? .low : .high
        case .shortcut: return ["lnk", "desktop"].contains(kind) ? .low : .high
        case .javaClass: return kind == "class" ? .medium : .high
        case .dalvik: return kind == "dex" ? .medium : .high
        case .luaBytecode: return ["luac", "lua", "t7"].contains(kind) ? .medium : .high
        case .pythonBytecode: return kind == "pyc" || kind == "pyo" ? .medium : .high
        case .elf, .portableExecutable, .machO:
            if header == .elf, EmbeddedProgram.isForAccelerator(item.region, at: 0) { return .low }
            if let container = item.containers.last {
                // Nothing honest puts a processor's code among weights, and what does put it there has it run.
                if models.contains(container) { return .high }
                // One compressed stream is data; programs are handed out in archives.
                if streams.contains(container), !isNativeName(item.name, kind) { return .high }
            }
            return kind.isEmpty || isNativeName(item.name, kind) ? .medium : .high
        }
    }

    private static func isNativeName(_ name: String, _ kind: String) -> Bool {
        nativeExtensions.contains(kind) || name.contains(".so.")
    }

    /// Archives that are models: their loaders read weights and descriptions, or run the libraries that they carry.
    private static let models: Set<FormatID> = [
        "pytorch-zip", "pytorch-tar", "torchscript", "torch-package", "pt2", "keras", "skops", "npz", "torchserve-mar",
        "nemo", "mlpackage",
    ]
    private static let streams: Set<FormatID> = Set(StreamAnalyser.all.map(\.format))

    private static let dataExtensions: Set = [
        "data", "dat", "model", "weights", "params", "json", "yaml", "yml", "xml", "csv", "tsv", "parquet", "arrow",
        "png",
        "jpg", "jpeg", "gif", "webp", "pdf", "wav", "mp3", "db", "sqlite", "pb", "ort", "plan", "trt", "mat", "sav",
        "pdiparams",
        "pdopt", "distcp", "npy", "ubj", "dict", "vec", "bundle",
    ]
    private static let nativeExtensions: Set = [
        "so", "dll", "dylib", "exe", "pyd", "o", "obj", "a", "lib", "node", "mexa64", "xpu", "elf", "com", "sys", "ko",
        "bundle", "axf", "run", "appimage",
    ]
}
