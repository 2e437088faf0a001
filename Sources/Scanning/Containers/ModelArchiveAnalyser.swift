internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges the manifest of a TorchServe model archive: which code the server runs when it loads the model.
struct ModelArchiveAnalyser: Analyser {
    let format: FormatID = "torchserve-manifest"

    func recognise(_ item: ScanItem) -> Recognition {
        item.containers.last == "torchserve-mar" && item.path == "MAR-INF/MANIFEST.json" ? .likely : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let document = try JSONDocument(item.region)
        guard let model = document.root["model"] else { return }
        for key in ["handler", "serializedFile", "requirementsFile", "modelFile", "configFile"] {
            guard let value = model[key]?.string else { continue }
            let location = item.location.at(model[key]?.offset, "model.\(key)")
            if value.contains("://") {
                scan.report(
                    "CONFIG-REDIRECT", "the manifest's \(key) is an address: \(Printable.line(value, limit: 200))",
                    at: location)
            } else if let escape = MemberName(value).escape {
                scan.report(
                    "ARCHIVE-PATH-ESCAPE",
                    "the manifest's \(key) '\(Printable.line(value, limit: 200))' leaves the "
                        + "folder: \(escape)", at: location)
            }
        }
        if let handler = model["handler"]?.string, !Self.builtIn.contains(handler) {
            scan.report(
                "TORCHSERVE-CODE", "the server runs the archive's own handler '\(Printable.line(handler, limit: 200))'",
                at: item.location.at(model["handler"]?.offset, "model.handler"))
        }
        if let handler = model["handler"]?.string, !handler.contains("/"),
            ConfigurationJudge.severity(ofCalling: handler) ?? .none >= .high
        {
            scan.report(
                "CONFIG-CALLABLE", "the server would call \(Printable.line(handler, limit: 200)) as its handler",
                at: item.location.at(model["handler"]?.offset, "model.handler"), severity: .medium)
        }
        if let file = model["requirementsFile"]?.string {
            scan.report(
                "TORCHSERVE-CODE", "the server may install the packages named in '\(Printable.line(file, limit: 200))'",
                at: item.location.at(model["requirementsFile"]?.offset, "model.requirementsFile"))
        }
    }

    /// Handlers that come with the server.
    private static let builtIn: Set = [
        "image_classifier", "image_segmenter", "object_detector", "text_classifier", "base_handler",
        "densenet_handler", "dali_image_classifier",
    ]
}
