internal import ByteParsing
internal import ModelFormats

/// Reads the packages that files beside a model name.
///
/// Read: `requirements*.txt` (pip) and what it includes, `pyproject.toml` (PEP 621, poetry), `poetry.lock`, `uv.lock`,
/// `Pipfile.lock`, and `environment.yml` (conda). Editable and direct references without a name are passed over.
enum RequirementReader {
    /// Packages that are kept of one file.
    static let limit = 20_000

    static func isKnown(_ path: ModelPath) -> Bool { isList(path) || reader(path) != nil }

    /// Whether it is a list in pip's notation, which is read with all that it includes.
    static func isList(_ path: ModelPath) -> Bool {
        let isNear = path.components.count == 1 || path.components.count == 2 && path.text.hasPrefix("requirements/")
        return isNear && path.text.hasPrefix("requirements") && path.text.hasSuffix(".txt")
    }

    static func read(_ path: ModelPath, _ region: ByteRegion) -> [Requirement] {
        guard let reader = reader(path) else { return [] }
        return Array(reader(region, path.text).prefix(limit))
    }

    private static func reader(_ path: ModelPath) -> ((ByteRegion, String) -> [Requirement])? {
        guard path.components.count == 1 else { return nil }
        switch path.text {
        case "poetry.lock", "uv.lock": return locked
        case "pyproject.toml": return project
        case "Pipfile.lock": return pipfile
        case "environment.yml", "environment.yaml", "conda.yml", "conda.yaml": return environment
        default: return nil
        }
    }

    /// `[[package]]` tables with a name and a version: poetry and uv alike.
    private static func locked(_ region: ByteRegion, _ source: String) -> [Requirement] {
        TOMLTables(region.array()).tables.compactMap { table in
            guard table.name == "package", let name = table.string("name") else { return nil }
            // uv lists the project itself, from its own folder.
            if case .table(let origin)? = table.values.first(where: { $0.key == "source" })?.value,
                origin["virtual"] != nil || origin["editable"] != nil
            {
                return nil
            }
            return Requirement(.pypi, name, version: table.string("version"), source: source)
        }
    }

    private static func project(_ region: ByteRegion, _ source: String) -> [Requirement] {
        var found: [Requirement] = []
        for table in TOMLTables(region.array()).tables {
            switch table.name {
            case "project":
                found += table.strings("dependencies").compactMap { Requirement(pep508: $0, source: source) }
            case "tool.poetry.dependencies":
                for (name, value) in table.values where name != "python" {
                    var specifier = ""
                    if case .string(let text) = value { specifier = text }
                    if case .table(let entries) = value { specifier = entries["version"] ?? "" }
                    let isExact = specifier.utf8.first.map { $0 >= 0x30 && $0 <= 0x39 } ?? false
                    let version = isExact && !specifier.contains(where: { "*, |".contains($0) }) ? specifier : nil
                    if let one = Requirement(
                        .pypi, name, version: version, specifier: version == nil ? specifier : "", source: source)
                    {
                        found.append(one)
                    }
                }
            default: break
            }
        }
        return found
    }

    private static func pipfile(_ region: ByteRegion, _ source: String) -> [Requirement] {
        guard let root = try? JSONDocument(region, dialect: .tolerant).root else { return [] }
        return (root["default"].map { Array($0.members) } ?? []).compactMap { key, value in
            let version = value["version"]?.string
            guard let name = key.string else { return nil }
            return Requirement(pep508: name + (version ?? ""), source: source)
        }
    }

    /// Conda's `name=version=build`, and pip's notation below `pip:`.
    private static func environment(_ region: ByteRegion, _ source: String) -> [Requirement] {
        guard let events = try? YAMLScanner.events(in: region, budget: Budget()) else { return [] }
        return events.compactMap { event in
            guard case .scalar(let text, let key, let path, _) = event.kind else { return nil }
            if key == "pip", path.hasPrefix("dependencies") || path == "pip" {
                return Requirement(pep508: text, source: source)
            }
            guard key == "dependencies" else { return nil }
            // A channel may stand before the name.
            let plain = text.split(separator: "::").last ?? ""
            let parts = plain.split(separator: "=", omittingEmptySubsequences: true).map { String($0) }
            guard let name = parts.first, name != "python", name != "pip" else { return nil }
            if name.contains(where: { "<>!~ ".contains($0) }) {
                let bare = name.prefix { !"<>!~ ".contains($0) }
                return Requirement(
                    .conda, String(bare), version: nil, specifier: String(plain.dropFirst(bare.count)), source: source)
            }
            return Requirement(.conda, name, version: parts.count > 1 ? parts[1] : nil, source: source)
        }
    }
}
