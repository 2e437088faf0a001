extension SchemaEvaluation {
    /// Applies a schema to an element or member; the place is left again afterwards.
    private mutating func descend(
        _ index: Int, _ value: DocumentValue, _ token: String, _ depth: Int
    ) -> Bool {
        path.tokens.append(token)
        defer { path.tokens.removeLast() }
        var inner = Seen()
        return check(index, value, depth + 1, &inner)
    }

    mutating func check(
        _ node: SchemaNode, _ elements: [DocumentValue], _ line: Int, _ depth: Int, _ seen: inout Seen
    ) -> Bool {
        var isValid = true
        if let least = node.leastItems, elements.count < least {
            isValid = fail("minItems", line, "has \(elements.count) elements, fewer than \(least)")
        }
        if let most = node.mostItems, elements.count > most {
            isValid = fail("maxItems", line, "has \(elements.count) elements, more than \(most)")
        }
        if node.hasUniqueItems, let (one, other) = Self.repeated(elements) {
            isValid = fail("uniqueItems", elements[other].line, "has the same twice, at \(one) and \(other)")
        }
        for (position, element) in elements.enumerated() {
            let schema = position < node.prefixItems.count ? node.prefixItems[position] : node.items
            guard let schema else { break }
            isValid = descend(schema, element, String(position), depth) && isValid
            if self.schema.tracksEvaluation { seen.items.insert(position) }
        }
        if let contains = node.contains {
            var found = 0
            for (position, element) in elements.enumerated() {
                var inner = Seen()
                guard ask(contains, element, depth + 1, &inner) else { continue }
                found += 1
                if schema.tracksEvaluation { seen.items.insert(position) }
            }
            if let least = node.leastContains, found < least {
                isValid = fail("contains", line, "has \(found) elements of the kind asked for, fewer than \(least)")
            }
            if let most = node.mostContains, found > most {
                isValid = fail("maxContains", line, "has \(found) elements of the kind asked for, more than \(most)")
            }
        }
        if let rest = node.unevaluatedItems {
            for (position, element) in elements.enumerated() where !seen.items.contains(position) {
                isValid = descend(rest, element, String(position), depth) && isValid
                seen.items.insert(position)
            }
        }
        return isValid
    }

    /// The first two places of the same value.
    private static func repeated(_ elements: [DocumentValue]) -> (Int, Int)? {
        // By what values look like first, so that a long list of different ones takes one pass.
        var places: [Int: [Int]] = [:]
        for (position, element) in elements.enumerated() {
            let key = element.roughHash()
            for earlier in places[key] ?? [] where elements[earlier].isEquivalent(to: element) {
                return (earlier, position)
            }
            places[key, default: []].append(position)
        }
        return nil
    }

    mutating func check(
        _ node: SchemaNode, _ members: [DocumentValue.Member], _ object: DocumentValue, _ depth: Int,
        _ seen: inout Seen
    ) -> Bool {
        var isValid = true
        let present: Set<MemberName> =
            node.required.isEmpty && node.dependencies.isEmpty ? [] : Set(members.map { MemberName(text: $0.name) })
        for name in node.required where !present.contains(MemberName(text: name)) {
            isValid = fail("required", object.line, "lacks \(name)")
        }
        if let least = node.leastProperties, members.count < least {
            isValid = fail("minProperties", object.line, "has fewer than \(least) members")
        }
        if let most = node.mostProperties, members.count > most {
            isValid = fail("maxProperties", object.line, "has more than \(most) members")
        }
        for dependency in node.dependencies where present.contains(MemberName(text: dependency.name)) {
            for name in dependency.required where !present.contains(MemberName(text: name)) {
                isValid = fail("dependentRequired", object.line, "has \(dependency.name) and lacks \(name)")
            }
            if let schema = dependency.schema { isValid = check(schema, object, depth + 1, &seen) && isValid }
        }
        if let names = node.propertyNames {
            for member in members {
                path.tokens.append(member.name)
                var inner = Seen()
                let name = DocumentValue(.string(member.name), line: member.line)
                let told = violations.count
                if !check(names, name, depth + 1, &inner) {
                    let why = violations.dropFirst(told).first?.message ?? ""
                    violations.removeLast(max(0, violations.count - told))
                    isValid = fail("propertyNames", member.line, "has a name that \(why)")
                }
                path.tokens.removeLast()
            }
        }
        for (position, member) in members.enumerated() {
            var isKnown = false
            if let schema = node.properties[MemberName(text: member.name)] {
                isKnown = true
                isValid = descend(schema, member.value, member.name, depth) && isValid
            }
            for (pattern, schema) in node.patternProperties where pattern.matches(member.name) {
                isKnown = true
                isValid = descend(schema, member.value, member.name, depth) && isValid
            }
            if !isKnown, let rest = node.additionalProperties {
                isKnown = true
                isValid = unforeseen(member, rest, "additionalProperties", depth) && isValid
            }
            if isKnown, schema.tracksEvaluation { seen.members.insert(position) }
        }
        if let rest = node.unevaluatedProperties {
            for (position, member) in members.enumerated() where !seen.members.contains(position) {
                isValid = unforeseen(member, rest, "unevaluatedProperties", depth) && isValid
                seen.members.insert(position)
            }
        }
        return isValid
    }

    /// Applies the schema for members that no other speaks of; most often it is `false`.
    private mutating func unforeseen(
        _ member: DocumentValue.Member, _ rest: Int, _ keyword: String, _ depth: Int
    ) -> Bool {
        guard schema.nodes[rest].verdict != false else {
            path.tokens.append(member.name)
            defer { path.tokens.removeLast() }
            return fail(keyword, member.line, "is not foreseen here")
        }
        return descend(rest, member.value, member.name, depth)
    }
}

extension DocumentValue {
    /// The same for equivalent values; nearly always different for others, as far as it looks: a list of objects that have
    /// the same members must not come down to comparing each with all others.
    /// - Parameter levels: how deep it looks below this value, so that lists in lists are not walked again for each level.
    func roughHash(levels: Int = 4) -> Int {
        var hasher = Hasher()
        switch content {
        case .null: hasher.combine(0)
        case .boolean(let value): hasher.combine(value)
        case .number: hasher.combine(double)
        case .string(let text): hasher.combine(text)
        case .array(let elements):
            hasher.combine(elements.count)
            guard levels > 0 else { break }
            hasher.combine(elements.first?.roughHash(levels: levels - 1))
            hasher.combine(elements.last?.roughHash(levels: levels - 1))
        case .object(let members):
            hasher.combine(members.count)
            guard levels > 0, members.count <= 64 else { break }
            // Members have no order.
            var sum = 0
            for member in members {
                var one = Hasher()
                one.combine(member.name)
                one.combine(member.value.roughHash(levels: levels - 1))
                sum ^= one.finalize()
            }
            hasher.combine(sum)
        }
        return hasher.finalize()
    }
}
