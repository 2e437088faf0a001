package import AssayCore
package import ByteParsing
import ModelFormats

/// Judges Python source text by the capabilities of what it calls; nothing is executed or imported.
///
/// The severity is what the call can do, graded by when it runs: when the file is imported, in an entry point that a
/// loader calls, in some other function. What is decoded or downloaded before it is executed is worse anywhere.
package enum PythonSourceJudge {
    /// Bytes of one source that are read; modules that hold tables of data can be as long.
    private static let longestSource = 12 << 20
    /// How deep constant strings that are executed are read as sources of their own.
    private static let mostNesting = 4
    /// Sources within sources that are read for one file.
    private static let mostNested = 64

    /// Reports what running or importing `source` would do.
    package static func judge(_ source: ByteRegion, at location: Location, in scan: Scan) {
        let name = location.members.last ?? ""
        judge(source, named: name, at: location, in: scan)
    }

    /// Reports what running or importing `source` would do; `name` is the file's name, which tells whether it is run
    /// as a program.
    static func judge(
        _ source: ByteRegion, named name: String, at location: Location, in scan: Scan, isInteractive: Bool = false
    ) {
        var source = source
        if source.count > min(longestSource, scan.limits.textBytes) {
            source = source.prefix(min(longestSource, scan.limits.textBytes))
            scan.report(incomplete: "Python source longer than \(source.count) bytes", at: location)
        }
        if let encoding = PythonEncoding.declared(in: source), !PythonEncoding.isPlain(encoding) {
            scan.report(
                "PYTHON-HIDDEN-CODE",
                "The source is encoded as \(Printable.line(encoding, limit: 40)): what it says is not what it shows",
                at: location, severity: .high, details: [.init("encoding", encoding)])
        }
        let file = name.split(separator: "/").last.map(String.init) ?? name
        let isScript = ["setup.py", "conftest.py", "hubconf.py", "sitecustomize.py", "usercustomize.py"].contains(file)
        // Constant strings that are executed are sources too; a list instead of recursion bounds them.
        var pending: [InnerSources.Source] = [(source.array(), isInteractive ? .program : nil, location, 0)]
        var count = 0
        while let next = pending.popLast() {
            count += 1
            guard count <= mostNested else {
                scan.report(incomplete: "more than \(mostNested) sources within a Python source", at: location)
                return
            }
            do throws(ParseError) {
                let tokens = try PythonTokenizer.tokens(of: next.text, budget: scan.budget)
                let inner = InnerSources()
                if let walk = PythonClassWalk.first(in: tokens) {
                    scan.report(
                        "PYTHON-HIDDEN-CODE", "Looks for what it calls among all classes that there are",
                        at: next.depth == 0 ? next.place.at(walk.offset, "line \(walk.line)") : next.place,
                        severity: .high)
                }
                var reader = PythonReader(tokens, isScript: isScript || next.depth > 0) { event in
                    var event = event
                    event.isInteractive = isInteractive
                    if let outer = next.exposure { event.exposure = min(event.exposure, outer) }
                    let found = PythonCallJudge.judge(event, at: next.place, in: scan)
                    guard let code = found, next.depth < mostNesting, inner.found.count <= mostNested else { return }
                    let place = next.depth == 0 ? next.place.at(event.offset, "line \(event.line)") : next.place
                    inner.found.append((Array(code.utf8), event.exposure, place, next.depth + 1))
                }
                reader.holdsEntryPoints = next.depth == 0 && file == "hubconf.py"
                if next.depth > 0 {
                    // What the source around it has imported is there too.
                    for module in PythonBuiltins.modules { reader.scopes.bind(module, .name(module)) }
                }
                try reader.read(budget: scan.budget)
                pending += inner.found
                if reader.isTooDeep {
                    scan.report(incomplete: "Python expression nested too deep to be read", at: next.place)
                }
                if reader.work.isSpent {
                    scan.report(incomplete: "Python values too large to be followed", at: next.place)
                }
                if tokens.count >= PythonTokenizer.mostTokens {
                    scan.report(
                        incomplete: "Python source of more than \(PythonTokenizer.mostTokens) tokens", at: next.place)
                }
                if next.depth == 0, let first = reader.modelClasses.first {
                    scan.report(
                        "PYTHON-CODE-BESIDE-MODEL",
                        "Code that a model loader runs when it is told to trust it: \(first)",
                        at: location, details: [.init("classes", reader.modelClasses.prefix(8).joined(separator: ", "))]
                    )
                }
            } catch {
                scan.report(error, at: next.place, format: "python")
            }
        }
    }

    /// Constant strings that a source executes, collected while it is read.
    private final class InnerSources {
        typealias Source = (text: [UInt8], exposure: PythonExposure?, place: Location, depth: Int)
        var found: [Source] = []
    }
}
