internal import AssayCore
internal import ByteParsing

// Objects and lists whose meaning lies in their shape.
extension ConfigurationJudge {
    /// Judges an object or list under the key `key`.
    func judge(container value: JSONValue, key: String, path: String) {
        let place = location.at(value.offset, path)
        switch key {
        case "auto_map": automap(value, at: place)
        case "py/reduce", "py/object", "py/newobj":
            for each in value.descendants {
                if let name = each.string, name.contains(".") { jsonpickle(name, at: place) }
            }
        case "custom_pipelines":
            scan.report(
                "CONFIG-CUSTOM-CODE", "`custom_pipelines` names code of the repository that a pipeline runs", at: place)
            for each in value.descendants { if let text = each.string { automapped(text, at: place) } }
        default: break
        }
        guard value.isObject else { return }
        if value["lc"]?.integer != nil, value["type"]?.string == "constructor", let id = value["id"], id.isArray {
            let name = id.elements.compactMap(\.string).joined(separator: ".")
            if !name.hasPrefix("langchain") {
                named(name, "LangChain", rule: "CONFIG-CALLABLE", least: .medium, at: place)
            }
        }
    }

    private func jsonpickle(_ name: String, at place: Location) {
        named(name, "a jsonpickle reader", rule: "CONFIG-CALLABLE", least: .medium, at: place)
    }

    private func automap(_ value: JSONValue, at place: Location) {
        var names: [String] = []
        for each in value.descendants where each.kind == .string {
            if let text = each.string { names.append(text) }
        }
        // An object's names are strings too, and never hold a dot.
        for name in Set(names).sorted() where name.contains(".") || name.contains("--") { automapped(name, at: place) }
    }

    private func automapped(_ name: String, at place: Location) {
        let shown = Printable.line(name, limit: 100)
        if name.contains("--") || name.contains("://") {
            scan.report(
                "CONFIG-REMOTE-CODE", "A class is taken from the code of another repository: `\(shown)`", at: place)
        } else {
            let module = name.split(separator: ".").dropLast().joined(separator: "/")
            scan.report(
                "CONFIG-CUSTOM-CODE", "A class is taken from the repository's own code: `\(shown)`", at: place,
                details: [.init(CompanionCode.detail, Printable.line(module, limit: 200))])
        }
    }

    /// Judges the document as a whole: files that are recognised by their shape.
    func judge(root: JSONValue) {
        modules(root)
        router(root)
        pipeline(root)
        graph(root)
    }

    /// A graph of objects as Fiddle writes it (`context/io.json` of NeMo 2): reading it imports every name, building it
    /// calls them.
    private func graph(_ root: JSONValue) {
        guard root.isObject, let objects = root["objects"], objects.isObject, let start = root["root"], start.isObject,
            start["type"] != nil, root["version"] != nil
        else { return }
        for value in objects.descendants where value.isObject {
            guard let module = value["module"]?.string, let name = value["name"]?.string else { continue }
            let dotted = module + "." + name
            guard let severity = Self.severity(ofCalling: dotted), severity > .low else { continue }
            named(dotted, "Fiddle", rule: "CONFIG-CALLABLE", least: .none, at: location.at(value.offset, "objects"))
        }
    }

    /// `router_config.json` of sentence-transformers: names of modules with the classes that are imported for them.
    private func router(_ root: JSONValue) {
        guard root.isObject, let types = root["types"], types.isObject, root["structure"] != nil else { return }
        for (_, value) in types.members {
            if let type = value.string { imported(type, at: location.at(value.offset, "types")) }
        }
    }

    /// A class that sentence-transformers imports by its dotted name.
    private func imported(_ type: String, at place: Location) {
        guard !Self.isWithin(type, ["sentence_transformers"]) else { return }
        if type.contains("--") {
            scan.report(
                "CONFIG-REMOTE-CODE",
                "A module's class is taken from the code of another repository: `\(Printable.line(type, limit: 100))`",
                at: place)
            return
        }
        let severity = max(Self.severity(ofCalling: type) ?? .medium, .medium)
        scan.report(
            "CONFIG-CUSTOM-CODE",
            "sentence-transformers would import the module `\(Printable.line(type, limit: 100))`", at: place,
            severity: severity)
    }

    /// `modules.json` of sentence-transformers: a list of modules whose `type` is imported.
    private func modules(_ root: JSONValue) {
        guard root.isArray, root.count > 0, root.count < 1000 else { return }
        for module in root.elements {
            guard module.isObject, let type = module["type"]?.string, module["path"] != nil, module["idx"] != nil else {
                return
            }
            imported(type, at: location.at(module.offset, "type"))
            guard let path = module["path"]?.string, Self.climbs(path) || path.hasPrefix("/") else { continue }
            scan.report(
                "CONFIG-PATH", "A module is loaded from outside of the folder: `\(Printable.line(path, limit: 100))`",
                at: location.at(module.offset, "path"))
        }
    }

    /// `model_index.json` of diffusers: components as `[library, class]`.
    private func pipeline(_ root: JSONValue) {
        guard root.isObject, let pipeline = root["_class_name"] else { return }
        if pipeline.isArray {
            scan.report(
                "CONFIG-CUSTOM-CODE",
                "The pipeline's class is taken from the repository's own code: "
                    + "`\(pipeline.elements.compactMap(\.string).joined(separator: "."))`",
                at: location.at(pipeline.offset, "_class_name"))
        }
        guard root["_diffusers_version"] != nil || pipeline.string?.hasSuffix("Pipeline") ?? false else { return }
        for (key, value) in root.members where value.isArray && value.count == 2 {
            guard let name = key.string, let library = value[0]?.string, let type = value[1]?.string else { continue }
            let place = location.at(value.offset, name)
            let severity = Self.severity(ofCalling: library + "." + type)
            if let severity, severity > .low {
                scan.report(
                    "CONFIG-CALLABLE", "diffusers would call `\(Printable.line(library + "." + type, limit: 100))`",
                    at: place, severity: severity)
            } else if severity != nil, !name.hasPrefix("_"), library.contains(".") || !Self.pipelines.contains(library)
            {
                scan.report(
                    "CONFIG-CUSTOM-CODE",
                    "A component is taken from a module of the repository: `\(Printable.line(library, limit: 80))`",
                    at: place, severity: .low)
            }
        }
    }

    /// Modules of diffusers that components are taken from by name.
    private static let pipelines: Set<String> = [
        "stable_diffusion", "stable_diffusion_xl", "stable_diffusion_3", "stable_diffusion_safe", "kandinsky",
        "kandinsky2_2", "deepfloyd_if", "audioldm", "audioldm2", "paint_by_example", "wuerstchen", "stable_cascade",
        "latent_diffusion", "unidiffuser", "versatile_diffusion", "shap_e", "musicldm", "pixart_alpha", "flux",
        "kolors",
        "deprecated", "blip_diffusion", "animatediff", "ltx",
    ]
}
