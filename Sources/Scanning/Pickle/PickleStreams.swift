import AssayCore
import ByteParsing
import ModelFormats

/// Follows all the pickles in one item: those in a row, and those behind padding, garbage or a broken stream.
struct PickleStreams {
    let item: ScanItem
    let scan: Scan
    /// Whether the pickle lies inside of other content, so that what follows it is that content's.
    var isNested = false
    /// Bytes behind a stream that are searched for another one.
    private static let searched = 64 << 20
    /// Streams that reach a limit of the machine until no more is looked for: the outcome is *incomplete* in any case.
    private static let mostLimits = 256

    func analyse() throws(ParseError) {
        let region = item.region
        var machine = PickleMachine(region)
        let judge = PickleJudge(scan: scan, item: item)
        var at = 0
        var streams = 0
        var errors: [ParseError] = []
        var limit: ParseError?
        var limits = 0
        var legacy = LegacyTorchLayout(region)
        // Where a stream starts that a plain unpickler reads otherwise than joblib.
        var plain: Int?
        while at < region.count {
            let ending: PickleEnding
            do throws(ParseError) {
                ending = try machine.run(from: at, budget: scan.budget, to: judge)
            } catch {
                // A stream made to exhaust the machine may be there to hide what follows it.
                if limit == nil { limit = error }
                limits += 1
                guard limits <= Self.mostLimits else { break }
                ending = PickleEnding(value: nil, error: error, end: error.offset, opcodes: 0)
            }
            streams += 1
            if machine.passedOpcodes, plain == nil { plain = at }
            if let error = ending.error, error.code != .limit { errors.append(error) }
            if ending.error == nil { legacy?.passed(upTo: ending.end) }
            var next = ending.end
            if ending.error != nil { next = max(next, at + 1) }
            do throws(ParseError) {
                guard !isNested, let start = try following(next, isBroken: ending.error != nil) else { break }
                at = start
            } catch {
                if limit == nil { limit = error }
                break
            }
            machine.reset()
        }
        judge.finish()
        if let plain { try analysePlainly(from: plain) }
        if limit == nil, let missing = legacy?.missing(storages: judge.storages) {
            scan.report(.truncated(at: region.count, reading: missing), at: item.location, format: "pickle")
        }
        if !isNested { try scan.storages?.check(judge.storages, of: item, in: scan) }
        // What cannot be read as a pickle at all, and has no such name, is something else.
        if let error = errors.first {
            let isAnother = streams == 1 && judge.calls == 0 && item.facts.pickle <= .possible
            if !isNested, !isAnother || PickleStreams.claims(item) {
                scan.report(
                    "PICKLE-BROKEN", "The pickle stream breaks: \(error.code) while reading \(error.reading)",
                    at: item.location.at(error.offset), severity: .low,
                    details: [.init("opcode offset", String(error.offset))])
            }
        }
        if let limit { throw limit }
    }

    /// Judges what a plain unpickler does: it runs the bytes of arrays that joblib passes over. That it breaks off there is
    /// what it is meant to do.
    private func analysePlainly(from start: Int) throws(ParseError) {
        var machine = PickleMachine(item.region)
        machine.followsArrays = false
        _ = try machine.run(from: start, budget: scan.budget, to: PickleJudge(scan: scan, item: item))
    }

    private static func claims(_ item: ScanItem) -> Bool { item.facts.pickle == .possible }

    /// Where the next pickle begins at or after `end`, or nil.
    private func following(_ end: Int, isBroken: Bool) throws(ParseError) -> Int? {
        let region = item.region
        let bytes = region.bytes
        var at = end
        // Padding: up to a mebibyte of NULs is passed over at once.
        while at < region.count, at < end + (1 << 20), bytes.byte(at: at) == 0 { at += 1 }
        guard at < region.count else { return nil }
        if !isBroken {
            let probe = PickleProbe(region, at: at, opcodes: 256)
            if bytes.byte(at: at) == 0x80 || probe.calls > 0, probe.isPickle || probe.opcodes > 2 { return at }
            // The start of another pickle, and then the bytes end.
            if bytes.byte(at: at) == 0x80, probe.isTruncated, bytes.byte(at: at + 1) ?? 2 >= 2 { return at }
            if probe.stops, probe.imports > 0 { return at }
        }
        return try PickleProbe.next(
            in: region, from: isBroken ? at : at, to: min(region.count, at + Self.searched), budget: scan.budget)
    }
}
