internal import AssayCore
internal import ByteParsing
internal import ModelFormats
internal import Synchronization

/// What a name that pickles import means to the judge, whatever the file: computed once and shared.
final class PickleMeaning: Sendable {
    let knowledge: CallableKnowledge
    /// Name with aliases of the standard library undone: what special forms are looked up by.
    let canonical: String
    let form: PickleForm?
    /// Nothing to say about a call on constants.
    let isQuiet: Bool
    /// Nothing to say about creating an object of it without its constructor.
    let isQuietClass: Bool
    /// Whether it puts a tensor together out of a storage.
    let isTensor: Bool
    /// How its arguments say what a call costs.
    let demand: PickleDemand?
    /// Whether it lays an object over memory that its arguments describe.
    let takesMemory: Bool
    /// Whether it makes NumPy's arrays, which get their shape later.
    let isArrayShell: Bool
    /// Whether it makes an array that gets its content as a state.
    let isArray: Bool
    /// Whether it makes the type of an array's elements.
    let isElementType: Bool
    /// Whether it stands for an array that lies in a file beside the pickle.
    let isFileWrapper: Bool
    /// Whether its name is that of a function which puts an object together again.
    let isRebuilder: Bool

    private init(_ knowledge: CallableKnowledge, of dotted: String, canonical: String, form: PickleForm?) {
        self.knowledge = knowledge
        self.canonical = canonical
        self.form = form
        isQuiet = form == nil && knowledge.capability == .pure
        isQuietClass = isQuiet && knowledge.state.calledSeverity < .critical
        isTensor = canonical.hasPrefix("torch._utils._rebuild_tensor")
        demand = knowledge.capability == .pure || form == .evaluated ? PickleDemand(canonical) : nil
        takesMemory = PickleMemory.takers.contains(canonical)
        isArrayShell = canonical.hasSuffix("multiarray._reconstruct")
        isArray = PickleMemory.arrays.contains(canonical)
        isElementType = canonical == "numpy.dtype"
        isFileWrapper = canonical.hasPrefix("joblib.numpy_pickle") && canonical.hasSuffix("NDArrayWrapper")
        isRebuilder = dotted.contains("_rebuild")
    }

    convenience init(module: String, name: String) {
        var knowledge = CallableKnowledge.of(module: module, name: name)
        if knowledge.isByModule, Self.isDetour(name) {
            // That a module holds nothing dangerous says nothing of the modules that it imports.
            knowledge.capability = .unknownCall
            knowledge.state = .unknownClassState
            knowledge.reason = "an attribute of something in \(module) that is on no list"
        }
        let canonical = PickleForm.canonical(knowledge.resolved)
        let dotted = module + "." + name
        let form = PickleForm(canonical) ?? PickleForm(PickleForm.canonical(dotted))
        self.init(knowledge, of: dotted, canonical: canonical, form: form)
    }

    /// Whether a qualified name does not begin with a class: what it leads through may be a module. Pickles name classes and
    /// their methods so, and never the way through a module.
    private static func isDetour(_ name: String) -> Bool {
        guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) else { return false }
        return !(name.utf8[..<dot].first { $0 != UInt8(ascii: "_") }.map { 0x41...0x5A ~= $0 } ?? false)
    }

    /// The meaning of a name that the policy vouches for.
    func allowed(as dotted: String) -> PickleMeaning {
        PickleMeaning(
            CallableKnowledge(
                capability: .pure, resolved: knowledge.resolved, isClass: knowledge.isClass,
                reason: "allowed by policy"),
            of: dotted, canonical: dotted, form: nil)
    }

    /// The meaning of an imported name without a policy.
    static func of(_ name: PickleName) -> PickleMeaning {
        if let known = shared.withLock({ $0[name] }) { return known }
        let meaning = PickleMeaning(module: name.module, name: name.name)
        shared.withLock { shared in
            if shared.count >= mostShared { shared.removeAll(keepingCapacity: true) }
            shared[name] = meaning
        }
        return meaning
    }

    private static let mostShared = 4096
    private static let shared = Mutex<[PickleName: PickleMeaning]>([:])
}
