package import AssayCore
internal import ByteParsing

/// Evaluation: nil when the condition holds, else the reason why it does not, in words.
extension Condition {
    /// - Returns: The first condition that fails, with what stood there instead.
    package func failure(
        in record: EvidenceRecord, today: CalendarDate, parameters: [String: Double]
    ) -> String? {
        var evaluation = Evaluation(record, today: today, parameters: parameters)
        let failure = failure(in: record.statement.predicate, &evaluation)
        // What was not looked at to the end proves nothing, whichever way it came out.
        return evaluation.left < 0 ? "the predicate has more values than are looked at" : failure
    }

    // The depth is that of the condition, which its reader bounds.
    func failure(in predicate: JSONValue, _ evaluation: inout Evaluation) -> String? {
        switch self {
        case .all(let conditions):
            for condition in conditions {
                if let failure = condition.failure(in: predicate, &evaluation) { return failure }
            }
            return nil
        case .any(let conditions):
            var failures: [String] = []
            for condition in conditions {
                guard let failure = condition.failure(in: predicate, &evaluation) else { return nil }
                if !failures.contains(failure) { failures.append(failure) }
            }
            return failures.joined(separator: ", and ")
        case .not(let condition):
            guard condition.failure(in: predicate, &evaluation) == nil else { return nil }
            return "it holds that \(condition.text(evaluation.parameters)), and must not"
        case .some(let path, let test): return some(path, test, predicate, &evaluation)
        case .every(let path, let test): return every(path, test, predicate, &evaluation)
        case .has(let path, let condition):
            var reason: String?
            var isReached = false
            path.forEach(in: predicate, &evaluation) { value, evaluation in
                isReached = true
                let found = condition.failure(in: value, &evaluation)
                reason = found == nil ? nil : reason ?? found
                return found != nil
            }
            return isReached ? reason.map { "no \(path) is as wanted: \($0)" } : "\(path) is missing"
        case .count(let path, let least):
            var count = 0
            path.forEach(in: predicate, &evaluation) { _, _ in
                count += 1
                return true
            }
            let wanted = least.value(evaluation.parameters)
            return Double(count) >= wanted
                ? nil : "\(path) stands there \(count) times, \(Quantity.text(wanted)) wanted"
        case .exists(let path): return reaches(path, predicate, &evaluation) ? nil : "\(path) is missing"
        case .missing(let path): return reaches(path, predicate, &evaluation) ? "\(path) is there" : nil
        case .age(let most):
            guard let issued = evaluation.issued else { return "it does not say when it was made" }
            return Self.age(of: issued, "it was made", most, evaluation)
        case .undated: return evaluation.issued == nil ? nil : "it says when it was made"
        case .verified:
            switch evaluation.standing {
            case .verified: return nil
            case .unsigned: return "it is not signed"
            case .notVerified(let reason): return "its signature does not count: \(reason)"
            }
        case .digestOfSubject(let path):
            var isSubject = false
            let digests = evaluation.subjects.compactMap { $0.digests["sha256"] }
            path.forEach(in: predicate, &evaluation) { value, _ in
                isSubject = digests.contains { value.matches(Array($0.utf8)) }
                return !isSubject
            }
            return isSubject ? nil : "\(path) is not the digest of a subject"
        }
    }

    private func reaches(_ path: QueryPath, _ predicate: JSONValue, _ evaluation: inout Evaluation) -> Bool {
        var isReached = false
        path.forEach(in: predicate, &evaluation) { value, _ in
            isReached = !Self.isEmpty(value)
            return !isReached
        }
        return isReached
    }

    /// An empty text, list or object is a form that nobody filled in, and so is the `unknown` of a card's draft.
    private static func isEmpty(_ value: JSONValue) -> Bool {
        switch value.kind {
        case .string: value.stringBytes.isEmpty || value.matches(unknown)
        case .array, .object: value.count == 0
        case .null: true
        default: false
        }
    }

    private static let unknown = Array("unknown".utf8)

    private func some(
        _ path: QueryPath, _ test: ValueTest, _ predicate: JSONValue, _ evaluation: inout Evaluation
    ) -> String? {
        var failure: String?
        var isReached = false
        path.forEach(in: predicate, &evaluation) { value, evaluation in
            isReached = true
            guard let found = test.failure(of: value, evaluation) else {
                failure = nil
                return false
            }
            failure = failure ?? found
            return true
        }
        guard isReached else { return "\(path) is missing" }
        return failure.map { "\(path) \($0)" }
    }

    private func every(
        _ path: QueryPath, _ test: ValueTest, _ predicate: JSONValue, _ evaluation: inout Evaluation
    ) -> String? {
        var failure: String?
        var isReached = false
        path.forEach(in: predicate, &evaluation) { value, evaluation in
            isReached = true
            failure = test.failure(of: value, evaluation)
            return failure == nil
        }
        guard isReached else { return "\(path) is missing" }
        return failure.map { "\(path) \($0)" }
    }

    static func age(
        of day: CalendarDate, _ what: String, _ most: Quantity, _ evaluation: Evaluation
    ) -> String? {
        let days = evaluation.today.days(since: day)
        if days < 0 { return "\(what) on \(day), which is still to come" }
        let limit = most.value(evaluation.parameters)
        guard Double(days) <= limit else {
            return "\(what) on \(day), \(days) days ago, and at most \(Quantity.text(limit)) are wanted"
        }
        return nil
    }
}

extension ValueTest {
    /// Nil when the value passes, else what it is and what was wanted.
    func failure(of value: JSONValue, _ evaluation: Evaluation) -> String? {
        switch self {
        case .equals(let scalar):
            return scalar.equals(value) ? nil : "is \(Self.shown(value)), and \(scalar) is wanted"
        case .oneOf(let scalars):
            guard !scalars.contains(where: { $0.equals(value) }) else { return nil }
            return "is \(Self.shown(value)), and one of \(scalars.map(\.description).joined(separator: ", ")) is wanted"
        case .atLeast(let limit): return compare(value, limit, "at least", evaluation) { $0 >= $1 }
        case .atMost(let limit): return compare(value, limit, "at most", evaluation) { $0 <= $1 }
        case .moreThan(let limit): return compare(value, limit, "more than", evaluation) { $0 > $1 }
        case .lessThan(let limit): return compare(value, limit, "less than", evaluation) { $0 < $1 }
        case .matches(let pattern):
            guard let text = value.string else { return "is \(Self.shown(value)), and no text" }
            let isMatch = TextPattern.matches(Array(pattern.utf8), Array(text.utf8.prefix(4096)))
            return isMatch ? nil : "is \(Self.shown(value)), which is not like \(pattern)"
        case .age(let most):
            guard let day = value.string.flatMap({ CalendarDate(moment: $0) }) else {
                return "is \(Self.shown(value)), and no day"
            }
            return Condition.age(of: day, "is a day", most, evaluation)
        case .expired(let wanted):
            guard let day = value.string.flatMap({ CalendarDate(moment: $0) }) else {
                return "is \(Self.shown(value)), and no day"
            }
            guard (day < evaluation.today) != wanted else { return nil }
            return wanted ? "is \(day), which has not gone by" : "was on \(day), which has gone by"
        }
    }

    private func compare(
        _ value: JSONValue, _ limit: Quantity, _ word: String, _ evaluation: Evaluation,
        _ holds: (Double, Double) -> Bool
    ) -> String? {
        let limit = limit.value(evaluation.parameters)
        // Reports of other programs write scores as texts; a text that is a number is compared as one.
        guard let number = value.double ?? value.string.flatMap({ Double($0) }) else {
            return "is \(Self.shown(value)), and no number"
        }
        return holds(number, limit) ? nil : "is \(Self.shown(value)), and \(word) \(Quantity.text(limit)) is wanted"
    }

    /// A value as a reason shows it: short, and of a container only what it is.
    static func shown(_ value: JSONValue) -> String {
        switch value.kind {
        case .string:
            let text = value.string ?? ""
            return text.count > 60 ? "\(text.prefix(60))…" : text.isEmpty ? "an empty text" : text
        case .number: return value.numberText ?? ""
        case .true: return "true"
        case .false: return "false"
        case .null: return "null"
        case .array: return "a list"
        case .object: return "an object"
        }
    }
}

/// Shell patterns over whole texts: `*` and `?`, without folders, in any case of ASCII letters.
enum TextPattern {
    static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        var (at, position) = (0, 0)
        var retry: (at: Int, position: Int)?
        while position < text.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                retry = (at + 1, position)
                at += 1
            } else if at < pattern.count,
                pattern[at] == UInt8(ascii: "?") || folded(pattern[at]) == folded(text[position])
            {
                at += 1
                position += 1
            } else if let last = retry {
                retry = (last.at, last.position + 1)
                (at, position) = (last.at, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 32 : byte }
}
