/// Rules on how much data a model needs. They are rules of thumb: what they say is where to look, not what is enough.
extension DatasetCheck {
    /// The one-in-ten rule: ten samples for each feature, and for a classifier ten samples of the rarest class for each
    /// feature.
    ///
    /// Source: Peduzzi et al., *A simulation study of the number of events per variable in logistic regression
    /// analysis*, 1996, doi:10.1016/S0895-4356(96)00236-3; asked for by NCSC principle 2.4 (is the dataset large
    /// enough?).
    /// - Parameters:
    ///   - features: columns that the model sees.
    ///   - rarestClass: samples of the rarest class; nil for a regressor.
    package static func sampleSize(
        samples: Int, features: Int, rarestClass: Int?, ratio: Double = 10
    ) -> DatasetCheck {
        let perFeature = features > 0 ? Double(samples) / Double(features) : .nan
        var metrics: [Metric] = [
            Metric("samples", Double(samples)), Metric("features", Double(features)),
            Metric("samples-per-feature", perFeature, .atLeast, ratio),
        ]
        if let rarestClass {
            let events = features > 0 ? Double(rarestClass) / Double(features) : .nan
            metrics.append(Metric("rarest-class-samples-per-feature", events, .atLeast, ratio))
        }
        let rarest = rarestClass.map { ", \($0) of the rarest class" } ?? ""
        return DatasetCheck(
            .sampleSize, "\(samples) samples\(rarest) for \(features) features", metrics: metrics, samples: samples,
            limitations: [
                "Counts columns as they stand: encodings that make several features of one are not counted.",
                "Says nothing about whether the samples are right, varied or independent of each other.",
            ],
            source: "one-in-ten rule (Peduzzi et al. 1996, doi:10.1016/S0895-4356(96)00236-3); NCSC 2.4")
    }

    /// A number of samples for each class; for image classifiers, a thousand images of each.
    ///
    /// Source: the number is the order of ImageNet's classes (Russakovsky et al. 2015, doi:10.1007/s11263-015-0816-y:
    /// 732 to 1,300 training images of each of 1,000 classes), which is where the rule of thumb of 1,000 images per
    /// class comes from; asked for by NCSC principle 2.4.
    package static func classSize(_ counts: [(name: String, count: Int)], minimum: Int = 1000, cut: Bool = false)
        -> DatasetCheck
    {
        let sorted = counts.sorted { ($0.count, $0.name) < ($1.count, $1.name) }
        let total = counts.reduce(0) { $0 + $1.count }
        var metrics = [Metric("classes", Double(counts.count))]
        if let smallest = sorted.first, let largest = sorted.last {
            metrics.append(
                Metric(
                    "smallest-class", Double(smallest.count), .atLeast, Double(minimum), group: smallest.name))
            metrics.append(Metric("largest-class", Double(largest.count), group: largest.name))
            metrics.append(Metric("largest-to-smallest", Double(largest.count) / Double(max(1, smallest.count))))
            for one in sorted.dropFirst().prefix(19) where one.count < minimum {
                metrics.append(Metric("class", Double(one.count), .atLeast, Double(minimum), group: one.name))
            }
        }
        let below = counts.count { $0.count < minimum }
        return DatasetCheck(
            .classSize, "\(below) of \(counts.count) classes have fewer than \(minimum) samples", metrics: metrics,
            samples: total,
            limitations: [
                "A model that was trained on other images before needs fewer.",
                "Copies and near-copies in a class count as samples.",
            ] + (cut ? ["There are more classes than were told apart."] : []),
            source: "1,000 images per class (Russakovsky et al. 2015, doi:10.1007/s11263-015-0816-y); NCSC 2.4",
            undecided: cut)
    }

    /// The largest share of the labels that one labeller gave.
    ///
    /// Source: NCSC principle 2.1 (limit what one labeller can do). The guideline names no number: half is where one
    /// person alone decides what the model learns.
    package static func labellers(
        _ counts: [(name: String, count: Int)], maximum: Double = 0.5, cut: Bool = false
    ) -> DatasetCheck {
        let total = counts.reduce(0) { $0 + $1.count }
        let largest = counts.max { ($0.count, $1.name) < ($1.count, $0.name) }
        let share = total > 0 ? Double(largest?.count ?? 0) / Double(total) : .nan
        // Names of people stay out of evidence: the share is what matters.
        return DatasetCheck(
            .labellers,
            total > 0
                ? "\(counts.count) labellers; the largest share of one is \(percent(share))" : "no labels were found",
            metrics: [
                Metric("labellers", Double(counts.count)), Metric("largest-share", share, .atMost, maximum),
            ], samples: total,
            limitations: [
                "Two names of one person count as two.", "Says nothing about whether labels are right.",
            ] + (cut ? ["There are more labellers than were told apart."] : []),
            source: "NCSC 2.1 (limit what one labeller can do)", undecided: cut)
    }

    /// The size of a model against its data: ten samples for each parameter, the one-in-ten rule taken to parameters.
    ///
    /// Source: NCSC principle 2.4 (needless capacity is removed) and the same rule of thumb; networks that are
    /// regularised learn with far fewer (Zhang et al. 2017, arXiv:1611.03530), so that a failure asks for a reason, and
    /// a profile for a ratio of its own.
    package static func capacity(parameters: Int, samples: Int, ratio: Double = 10) -> DatasetCheck {
        let per = parameters > 0 ? Double(samples) / Double(parameters) : .nan
        return DatasetCheck(
            .capacity, "\(samples) samples for \(parameters) parameters",
            metrics: [
                Metric("parameters", Double(parameters)), Metric("samples", Double(samples)),
                Metric("samples-per-parameter", per, .atLeast, ratio),
            ], samples: samples,
            limitations: [
                "Regularised networks learn with far fewer samples than parameters: a failure asks for a reason.",
                "Parameters that were trained on other data count like the others.",
            ],
            source: "one-in-ten rule taken to parameters; NCSC 2.4")
    }

    static func percent(_ share: Double) -> String {
        let tenths = (share * 1000).rounded() / 10
        return "\(tenths == tenths.rounded() ? String(Int(tenths)) : String(tenths)) %"
    }
}
