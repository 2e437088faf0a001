extension CallableResolution {
    /// A dotted path and what the tables say of the modules along it.
    struct Walk {
        /// The path's bytes.
        let path: [UInt8]
        /// Where its components lie.
        let segments: [Range<Int>]
        /// Modules that a table knows, shortest first; `end` is where the module's name ends in the path.
        private(set) var modules: [(end: Int, curated: CallableTable.Module?, analysed: CallableTable.Module?)] = []
        /// What the nearest module says of everything in it.
        private(set) var fallback: CallableTable.Entry?
        /// What the nearest module says of the classes in it.
        private(set) var classFallback: CallableTable.Entry?
        /// The module that said so.
        private(set) var fallbackModule = ""

        private static let everything: [UInt8] = [UInt8(ascii: "*")]
        private static let classes: [UInt8] = [UInt8(ascii: "^")]
        private static let mostSegments = 64

        init(_ path: [UInt8]) {
            self.path = path
            var segments: [Range<Int>] = []
            var start = 0
            for index in path.indices where path[index] == UInt8(ascii: ".") && segments.count < Self.mostSegments {
                segments.append(start..<index)
                start = index + 1
            }
            segments.append(start..<path.count)
            self.segments = segments
        }

        var lastSegment: ArraySlice<UInt8> { segments.last.map { path[$0] } ?? path[...] }

        /// Whether the name belongs to the program that wrote the file, which no table can know.
        var isLocal: Bool { segments.first.map { text(path[$0]) == "__main__" } ?? false }

        /// Finds the modules along the path; the rewritten path when one of them says that its attribute leads
        /// elsewhere.
        mutating func follow() -> [UInt8]? {
            for index in segments.indices {
                let end = segments[index].upperBound
                let key = path[..<end]
                let curated = CallableTable.curated.module(key)
                let analysed = CallableTable.analysed.module(key)
                guard curated != nil || analysed != nil else { continue }
                if let target = curated?.target(Self.everything[...]) ?? analysed?.target(Self.everything[...]) {
                    if index + 1 < segments.count, let named = curated?.target(path[segments[index + 1]]) {
                        return named + path[segments[index + 1].upperBound...]
                    }
                    return target + path[end...]
                }
                if index + 1 < segments.count {
                    let attribute = path[segments[index + 1]]
                    // What is written by hand about the whole name comes before where the analysis saw it lead.
                    let isWritten = curated?.entry(path[(end + 1)...]) != nil
                    if let target = curated?.target(attribute) ?? (isWritten ? nil : analysed?.target(attribute)),
                        !isSubmodule(segments[index + 1], of: index, target)
                    {
                        return target + path[segments[index + 1].upperBound...]
                    }
                }
                if let entry = curated?.entry(Self.everything[...]) {
                    fallback = entry
                    classFallback = nil
                    fallbackModule = text(key)
                }
                if let entry = curated?.entry(Self.classes[...]) {
                    classFallback = entry
                    fallbackModule = text(key)
                }
                modules.append((end, curated, analysed))
            }
            return nil
        }

        /// Whether the path goes on behind a component that is a known module: packages import functions from submodules
        /// of the same name, but what comes after it is looked up in the submodule.
        private func isSubmodule(_ component: Range<Int>, of index: Int, _ target: [UInt8]) -> Bool {
            guard index + 2 < segments.count else { return false }
            let key = path[..<component.upperBound]
            if target.count > key.count, target.starts(with: key), target[key.count] == UInt8(ascii: ".") {
                return true
            }
            return CallableTable.curated.module(key) != nil || CallableTable.analysed.module(key) != nil
        }

        /// The path with its class replaced by a base class, when the method that it names is inherited from there.
        func inherited() -> [UInt8]? {
            guard let module = modules.last, let method = segments.last, segments.count >= 3,
                method.lowerBound > module.end + 1
            else { return nil }
            let className = path[(module.end + 1)..<(method.lowerBound - 1)]
            guard let base = module.analysed?.base(className) else { return nil }
            let name = path[(module.end + 1)...]
            guard module.curated?.entry(name) == nil, module.analysed?.entry(name) == nil else { return nil }
            return base + path[(method.lowerBound - 1)...]
        }

        /// What a table says of the name itself or of the class that it is an attribute of, deepest module first.
        ///
        /// A module is no object that its attributes belong to, also when its package has a function of that name:
        /// `urllib.parse.sys.modules` is nothing of `urllib.parse`.
        func listed() -> Listed? {
            let deepest = modules.last?.end ?? 0
            for module in modules.reversed() where module.end < path.count {
                var end = path.count
                while end > module.end + 1, end > deepest || end == path.count {
                    let name = path[(module.end + 1)..<end]
                    let curated = module.curated?.entry(name)
                    if let entry = curated ?? module.analysed?.entry(name) {
                        return Listed(entry: entry, name: text(path[..<end]), attribute: path[end...].dropFirst())
                    }
                    end = path[..<end].lastIndex(of: UInt8(ascii: ".")) ?? module.end
                }
            }
            return nil
        }

        private func text(_ bytes: ArraySlice<UInt8>) -> String { CallableResolution.text(bytes) }
    }

    /// A table's entry for a name, or for the class or object that the name is an attribute of.
    struct Listed {
        let entry: CallableTable.Entry
        /// What the entry is about.
        let name: String
        /// What of the path is left: an attribute of it.
        let attribute: ArraySlice<UInt8>

        func knowledge(resolved: String, named: Name) -> CallableKnowledge? {
            let reason = entry.witness.map { "calls \($0)" } ?? name
            if attribute.isEmpty {
                return CallableKnowledge(
                    capability: entry.called, state: entry.state, resolved: resolved,
                    isClass: named.isClass || entry.state != nil, reason: reason,
                    suspicion: entry.called == .unknownCall
                        ? NameLexicon.suspicion(of: Array(resolved.utf8)[...]) : nil)
            }
            let attributeText = CallableResolution.text(attribute)
            let isConstruction = ["__call__", "__new__", "__init__"].contains(attributeText)
            if CallableResolution.isReaching(attributeText) { return nil }
            if entry.called != .pure || isConstruction {
                return CallableKnowledge(
                    capability: entry.called, state: entry.state, resolved: resolved, reason: "of \(reason)")
            }
            let suspicion = NameLexicon.suspicion(of: attribute)
            return CallableKnowledge(
                capability: suspicion == nil ? .pure : .unknownCall, resolved: resolved,
                reason: "attribute of \(name)", suspicion: suspicion)
        }
    }
}
