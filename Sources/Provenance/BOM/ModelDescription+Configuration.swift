internal import AssayCore
internal import ByteParsing

extension ModelDescription {
    /// `config.json`: of transformers at the top, of diffusers below, and skops' for scikit-learn.
    mutating func readConfiguration(_ region: ByteRegion, _ file: ModelPath) {
        guard let root = try? JSONDocument(region, dialect: .tolerant).root, root.isObject else { return }
        guard file.components.count == 1 else {
            // A part of a pipeline, in a folder of its own.
            guard let part = root["_class_name"]?.string ?? root["architectures"]?[0]?.string else { return }
            facts.append(Fact(name: "component", value: Printable.line("\(file.components[0].text): \(part)")))
            return
        }
        if let estimator = root["sklearn"], estimator.isObject { return readEstimator(estimator, file.text) }
        architectureFamily = root["model_type"]?.string ?? architectureFamily
        architecture = root["architectures"]?[0]?.string ?? root["_class_name"]?.string ?? architecture
        for name in Self.told {
            guard let value = root[name], let text = value.string ?? value.numberText else { continue }
            facts.append(Fact(name: "config:" + name, value: Printable.line(text)))
        }
        if let method = root["quantization_config"]?["quant_method"]?.string {
            facts.append(Fact(name: "quantization", value: Printable.line(method)))
        }
        if let labels = root["id2label"], labels.isObject, labels.count > 0 {
            let names = labels.members.prefix(200).compactMap { $0.value.string.map { Printable.line($0) } }
            let more = labels.count > names.count ? ", \(labels.count - names.count) more" : ""
            facts.append(Fact(name: "labels", value: names.joined(separator: ", ") + more))
        }
        // Code that comes with the model and is run when its user says so.
        if let automatic = root["auto_map"], automatic.isObject {
            let names = automatic.members.prefix(20).compactMap { $0.value.string.map { Printable.line($0) } }
            facts.append(Fact(name: "config:auto_map", value: names.joined(separator: ", ")))
        }
    }

    private static let told = [
        "torch_dtype", "dtype", "hidden_size", "num_hidden_layers", "num_attention_heads", "vocab_size",
        "max_position_embeddings", "image_size", "transformers_version", "_diffusers_version",
    ]

    /// `model_index.json` of diffusers: the pipeline, and the class of each part.
    mutating func readPipeline(_ region: ByteRegion) {
        guard let root = try? JSONDocument(region, dialect: .tolerant).root, root.isObject else { return }
        architecture = root["_class_name"]?.string ?? architecture
        library = library ?? "diffusers"
        if let version = root["_diffusers_version"]?.string {
            facts.append(Fact(name: "config:_diffusers_version", value: Printable.line(version)))
        }
    }

    /// What skops writes beside a model of scikit-learn: its task, columns and packages.
    private mutating func readEstimator(_ root: JSONValue, _ file: String) {
        library = library ?? "sklearn"
        task = task ?? root["task"]?.string
        if let format = root["model_format"]?.string {
            facts.append(Fact(name: "config:model_format", value: Printable.line(format)))
        }
        for element in root["environment"].map({ Array($0.elements) }) ?? [] {
            guard let text = element.string else { continue }
            // Conda's notation has one sign where pip's has two.
            let parts = text.split(separator: "=", omittingEmptySubsequences: true)
            let isPlain = parts.count == 2 && !text.contains { "<>!~".contains($0) }
            let requirement =
                isPlain
                ? Requirement(.pypi, String(parts[0]), version: String(parts[1]), source: file)
                : Requirement(pep508: text, source: file)
            if let requirement { requirements.append(requirement) }
        }
        let columns = root["columns"].map { Array($0.elements) } ?? []
        inputs += columns.prefix(256).compactMap { column in
            column.string.map { Interface(name: Printable.line($0), format: "column") }
        }
    }

    /// A file with terms: it is named, and what its heading says counts where nothing else names a licence.
    mutating func readTerms(_ region: ByteRegion, _ file: ModelPath) {
        licenseFiles.append(file)
        let head = region.prefix(4096).text(limit: 4096).lowercased().split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        let found = Self.headings.first { head.contains($0.words) }?.license
        if let found, concludedLicense == nil { concludedLicense = found }
    }

    /// Sentences by which the common licences are known, and the SPDX identifier of each.
    private static let headings: [(words: String, license: String)] = [
        ("apache license version 2.0, january 2004", "Apache-2.0"),
        (
            "permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated "
                + "documentation files (the \"software\"), to deal in the software without restriction", "MIT"
        ),
        ("gnu affero general public license version 3, 19 november 2007", "AGPL-3.0-only"),
        ("gnu lesser general public license version 3, 29 june 2007", "LGPL-3.0-only"),
        ("gnu general public license version 3, 29 june 2007", "GPL-3.0-only"),
        ("gnu general public license version 2, june 1991", "GPL-2.0-only"),
        ("mozilla public license version 2.0", "MPL-2.0"),
        ("creative commons attribution 4.0 international", "CC-BY-4.0"),
        ("creative commons attribution-noncommercial 4.0 international", "CC-BY-NC-4.0"),
        ("creative commons attribution-sharealike 4.0 international", "CC-BY-SA-4.0"),
        ("creative commons zero v1.0 universal", "CC0-1.0"), ("cc0 1.0 universal", "CC0-1.0"),
    ]

    /// Whether a file at the top holds terms, by the names that are customary.
    static func isTerms(_ file: ModelPath) -> Bool {
        let stem = file.text.uppercased().split(separator: ".").first ?? ""
        return file.components.count == 1
            && ["LICENSE", "LICENCE", "COPYING", "USE_POLICY", "NOTICE"].contains {
                stem == $0 || stem.hasPrefix($0 + "-")
            }
    }

    /// What the metadata of a card says about what training gave off.
    mutating func readEmissions(_ front: CardMetadata) {
        if let grams = front.text("co2_eq_emissions") {
            environment.append(Fact(name: "co2-eq-emissions", value: Printable.line(grams)))
        }
        for (key, name) in [
            ("emissions", "co2-eq-emissions"), ("source", "co2-source"), ("training_type", "training-type"),
            ("geographical_location", "location"), ("hardware_used", "hardware"),
        ] {
            guard let text = front.text(key, in: "co2_eq_emissions") else { continue }
            environment.append(Fact(name: name, value: Printable.line(text)))
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
