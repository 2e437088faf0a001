internal import AssayCore

/// Small drawings of measured values, as SVG inside of the page: lines and colours come from its style sheet, and each
/// says in words what it shows.
enum Chart {
    /// A measured value, its interval, and the value that was asked for.
    struct Measurement: Sendable {
        var value: Double
        var interval: (low: Double, high: Double)?
        var threshold: Double?
        /// `<`, `<=`, `>` or `>=`: on which side of the threshold the good values lie.
        var comparison: String?
        var tone = Tone.none
    }

    /// From where to where the axis goes: ends that are read easily, around everything that is drawn.
    ///
    /// Dots do not mislead where the axis does not start at zero, as bars would; both ends are labelled.
    static func domain(_ values: [Double]) -> ClosedRange<Double> {
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return 0...1 }
        if low >= 0, high <= 1 {
            if high <= 0.1 { return 0...0.1 }
            return low >= 0.5 ? 0.5...1 : high <= 0.5 ? 0...0.5 : 0...1
        }
        let width = max(high - low, max(abs(high), abs(low)) * 0.1, .leastNormalMagnitude)
        guard width.isFinite else { return low...high }
        let step = rounded(width * 0.75)
        let (start, end) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
        return low >= 0 && start < step * 1.5 ? 0...max(end, step) : start...max(end, start + step)
    }

    /// 1, 2 or 5 times a power of ten: the next one above.
    private static func rounded(_ value: Double) -> Double {
        var power = 1.0
        while power * 10 <= value { power *= 10 }
        while power > value, power > 1e-300 { power /= 10 }
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= value } ?? value
    }

    /// Everything of it that has a place on the axis.
    static func points(_ measurement: Measurement) -> [Double] {
        [measurement.value, measurement.interval?.low, measurement.interval?.high, measurement.threshold]
            .compactMap { $0 }
    }

    /// One line: the good side of the threshold shaded, the interval as a bar, the value as a dot.
    ///
    /// - Parameter reference: a value that several lines are compared with, drawn as a thin line.
    static func line(
        _ measurement: Measurement, domain: ClosedRange<Double>, label: String, reference: Double? = nil
    ) -> HTML {
        let width = 240.0
        let inset = 6.0
        func place(_ value: Double) -> Double {
            let share = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
            return inset + min(max(share, 0), 1) * (width - 2 * inset)
        }
        var svg: HTML = "<svg class=\"line \(measurement.tone.rawValue)\" viewBox=\"0 0 240 38\" role=\"img\" "
        svg += "aria-label=\"\(label)\" focusable=\"false\">"
        if let threshold = measurement.threshold {
            let at = place(threshold)
            let isUpward = measurement.comparison?.hasPrefix(">") ?? true
            let (from, to) = isUpward ? (at, width - inset) : (inset, at)
            if measurement.comparison != nil {
                svg += "<rect class=\"wanted\" x=\"\(number(from))\" y=\"3\" "
                svg += "width=\"\(number(max(0, to - from)))\" height=\"20\"/>"
            }
        }
        svg += "<path class=\"axis\" d=\"M\(number(inset)) 13H\(number(width - inset))"
        svg += "M\(number(inset)) 10v6M\(number(width - inset)) 10v6\"/>"
        svg += "<text x=\"\(number(inset - 3))\" y=\"35\" aria-hidden=\"true\">\(Figure.text(domain.lowerBound))</text>"
        svg += "<text x=\"\(number(width - inset + 3))\" y=\"35\" text-anchor=\"end\" aria-hidden=\"true\">"
        svg += "\(Figure.text(domain.upperBound))</text>"
        if let reference {
            svg += "<path class=\"reference\" d=\"M\(number(place(reference))) 2v22\"/>"
        }
        if let threshold = measurement.threshold {
            svg += "<path class=\"threshold\" d=\"M\(number(place(threshold))) 1v24\"/>"
        }
        if let interval = measurement.interval {
            let (low, high) = (place(interval.low), place(interval.high))
            svg += "<rect class=\"interval\" x=\"\(number(low))\" y=\"7\" width=\"\(number(max(1.5, high - low)))\" "
            svg += "height=\"12\" rx=\"1.5\"/>"
        }
        svg += "<circle class=\"value\" cx=\"\(number(place(measurement.value)))\" cy=\"13\" r=\"3.6\"/></svg>"
        return svg
    }

    /// A part of a whole that is counted.
    struct Share: Sendable {
        var count: Int
        var name: String
        /// Class of the style sheet, without its `part-`: `tested`, `mitigated`, `accepted`, `open`, `excluded`, `blank`.
        var style: String
    }

    /// A bar whose parts are as long as their counts; without any parts it is hatched: nothing is known.
    static func bar(_ shares: [Share], label: String) -> HTML {
        let total = shares.reduce(0) { $0 + $1.count }
        var svg: HTML = "<svg class=\"bar\" viewBox=\"0 0 240 14\" preserveAspectRatio=\"none\" role=\"img\" "
        svg += "aria-label=\"\(label)\" focusable=\"false\">"
        if total == 0 {
            return svg + "<rect class=\"part-blank\" x=\".5\" y=\".5\" width=\"239\" height=\"13\"/></svg>"
        }
        var at = 0.0
        for share in shares where share.count > 0 {
            let width = 240.0 * Double(share.count) / Double(total)
            svg += "<rect class=\"part-\(share.style)\" x=\"\(number(at + 0.5))\" y=\".5\" "
            svg += "width=\"\(number(max(1, width - 1)))\" height=\"13\"/>"
            at += width
        }
        return svg + "</svg>"
    }

    /// A bar of that share of the full length.
    static func length(_ share: Double, label: String) -> HTML {
        let width = 239 * min(max(share, 0), 1)
        return """
            <svg class="bar" viewBox="0 0 240 14" preserveAspectRatio="none" role="img" aria-label="\(label)" \
            focusable="false"><rect class="part-tested" x=".5" y=".5" width="\(number(max(1, width)))" height="13"/></svg>
            """
    }

    /// At most two decimals, always with a point.
    private static func number(_ value: Double) -> HTML { HTML(markup: Figure.fixed(value, decimals: 2)) }

    static let style = """
        svg { display: block; width: 100%; height: auto; overflow: visible; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        svg.line { max-width: 22rem; margin-top: .05rem; }
        .line text { font-size: 10.5px; fill: var(--soft); font-variant-numeric: tabular-nums; }
        .line .axis { fill: none; stroke: var(--rule); stroke-width: 1; }
        .line .wanted { fill: color-mix(in srgb, var(--good) 13%, transparent); }
        .line .threshold { fill: none; stroke: var(--ink); stroke-width: 1.6; }
        .line .reference { fill: none; stroke: var(--rule); stroke-width: 1.2; stroke-dasharray: 2.5 2; }
        .line .interval { fill: color-mix(in srgb, var(--tone) 42%, var(--ground)); }
        .line .value { fill: var(--tone); stroke: var(--ground); stroke-width: 1.4; }
        .line.none { --tone: var(--accent); }
        svg.bar { height: .95rem; min-width: 8rem; }
        .part-tested { fill: var(--accent); background: var(--accent); }
        .part-mitigated { fill: color-mix(in srgb, var(--accent) 45%, var(--ground)); background: color-mix(in srgb, var(--accent) 45%, var(--ground)); }
        .part-accepted { fill: var(--medium); background: var(--medium); }
        .part-open { fill: var(--critical); background: var(--critical); }
        .part-excluded { fill: var(--line); background: var(--line); }
        rect.part-blank { fill: none; stroke: var(--soft); stroke-dasharray: 3 2.5; vector-effect: non-scaling-stroke; }
        span.part-blank { border: 1px dashed var(--soft); }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: 0 0 1rem; font-size: .86rem; color: var(--soft); }
        .legend li { display: flex; gap: .45rem; align-items: center; margin: 0; }
        .legend .swatch { width: .85rem; height: .85rem; border-radius: .1rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        .legend svg { width: 3.2rem; }
        """
}

/// Numbers as people read them: no more digits than they can mean.
enum Figure {
    /// `0.31`, `1,204`, `3.2e-07`: four significant digits.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "not a number" : value < 0 ? "-infinite" : "infinite" }
        if value == value.rounded(), abs(value) < 1e15 { return Humane.grouped(Int(value)) }
        let size = abs(value)
        if size < 0.0001 || size >= 1e9 { return scientific(value) }
        let decimals = size >= 1000 ? 1 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 ? 3 : size >= 0.01 ? 4 : 5
        return trimmed(fixed(value, decimals: decimals))
    }

    /// `12.5 %`, with a no-break space.
    static func percent(_ share: Double) -> String {
        let value = share * 100
        let decimals = value >= 10 || value == value.rounded() ? 1 : value >= 0.1 ? 2 : 3
        return trimmed(fixed(value, decimals: decimals)) + "\u{A0}%"
    }

    private static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text[...]
        while text.last == "0" { text = text.dropLast() }
        if text.last == "." { text = text.dropLast() }
        return String(text)
    }

    private static func scientific(_ value: Double) -> String {
        var size = abs(value)
        var exponent = 0
        while size >= 10 {
            size /= 10
            exponent += 1
        }
        while size < 1, size > 0 {
            size *= 10
            exponent -= 1
        }
        return (value < 0 ? "-" : "") + trimmed(fixed(size, decimals: 2)) + "e" + String(exponent)
    }

    /// With exactly that many decimals, rounded half away from zero.
    static func fixed(_ value: Double, decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled.isFinite, scaled < 9e15 else { return "\(value)" }
        let whole = Int(scaled) / Int(scale)
        let rest = String(Int(scaled) % Int(scale))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(whole) }
        return sign + String(whole) + "." + String(repeating: "0", count: decimals - rest.count) + rest
    }
}
