/// Finds samples of validation data that stand in the training data as well: equal ones by hash, similar texts by
/// MinHash, in memory that does not grow with the data.
///
/// Of equal samples, more than `exactLimit` are sampled by their hash: both sides keep the same share of all hashes, so
/// that the share of equal ones is estimated without bias. Similar texts are looked for among the first `textLimit`
/// training samples.
package struct IndependenceCheck: Sendable {
    static let exactLimit = 4_000_000
    static let textLimit = 200_000

    /// Similarity from which two texts are near-duplicates.
    package let threshold: Double
    private let looksForSimilar: Bool
    private let exactLimit: Int

    private var training: Set<UInt64> = []
    /// Hashes whose lowest bits are zero are kept.
    private var mask: UInt64 = 0
    private var trainingCount = 0
    private var sketches: [SimilaritySketch] = []
    private var bands: [UInt64: [Int32]] = [:]
    private var textsLeftOut = 0

    private var validationCount = 0
    private var validationSampled = 0
    private var equal = 0
    private var similar = 0
    private var withoutShingles = 0

    /// - Parameter similar: whether samples are texts, among which near-duplicates are looked for.
    package init(similar: Bool, threshold: Double = 0.8) {
        self.init(similar: similar, threshold: threshold, exactLimit: Self.exactLimit)
    }

    init(similar: Bool, threshold: Double, exactLimit: Int) {
        looksForSimilar = similar
        self.threshold = threshold
        self.exactLimit = exactLimit
    }

    /// A hash of one sample; equal samples have equal hashes, others with a probability of 2^-64 a pair.
    package static func hash(_ fields: [[UInt8]]) -> UInt64 {
        var hash: UInt64 = 0x9AE1_6A3B_2F90_404F
        for field in fields {
            var start = 0
            var end = field.count
            while start < end, field[start] == 0x20 || field[start] == 0x09 { start += 1 }
            while end > start, field[end - 1] == 0x20 || field[end - 1] == 0x09 { end -= 1 }
            for byte in field[start..<end] { hash = SimilaritySketch.mixed(hash ^ UInt64(byte)) }
            hash = SimilaritySketch.mixed(hash ^ 0x1F0)
        }
        return hash
    }

    /// Takes a row of the training data.
    package mutating func addTraining(_ fields: [[UInt8]]) {
        trainingCount += 1
        let hash = Self.hash(fields)
        if hash & mask == 0 {
            training.insert(hash)
            while training.count > exactLimit {
                mask = mask << 1 | 1
                let mask = mask
                training = training.filter { $0 & mask == 0 }
            }
        }
        guard looksForSimilar else { return }
        guard sketches.count < Self.textLimit else { return textsLeftOut += 1 }
        guard let sketch = SimilaritySketch(fields.joined(separator: [0x20])) else { return }
        for hash in sketch.bandHashes { bands[hash, default: []].append(Int32(sketches.count)) }
        sketches.append(sketch)
    }

    /// Takes a row of the validation data, after all of the training data.
    package mutating func addValidation(_ fields: [[UInt8]]) {
        validationCount += 1
        let hash = Self.hash(fields)
        var isEqual = false
        if hash & mask == 0 {
            validationSampled += 1
            isEqual = training.contains(hash)
            if isEqual { equal += 1 }
        }
        guard looksForSimilar, !isEqual else { return }
        guard let sketch = SimilaritySketch(fields.joined(separator: [0x20])) else { return withoutShingles += 1 }
        var seen: Set<Int32> = []
        for hash in sketch.bandHashes {
            // A band that everything shares (a common heading) says nothing.
            for place in (bands[hash] ?? []).prefix(256) where seen.insert(place).inserted {
                if sketch.similarity(to: sketches[Int(place)]) >= threshold {
                    similar += 1
                    return
                }
            }
        }
    }

    /// - Parameters:
    ///   - maximum: the largest share of the validation samples that may stand in the training data.
    ///   - sharedFiles: validation files whose digest is that of a training file.
    ///   - unit: what a sample is: a row, a file, a line.
    package func result(maximum: Double = 0, sharedFiles: Int = 0, unit: String) -> DatasetCheck {
        let sampled = Double(max(0, validationSampled))
        let share = validationSampled > 0 ? Double(equal) / sampled : .nan
        var metrics: [DatasetCheck.Metric] = [
            .init("training-samples", Double(trainingCount)), .init("validation-samples", Double(validationCount)),
            .init("shared-files", Double(sharedFiles), .atMost, 0),
            .init("equal-samples", Double(equal)), .init("equal-share", share, .atMost, maximum),
        ]
        if looksForSimilar {
            let near = validationCount > 0 ? Double(similar) / Double(validationCount) : .nan
            metrics += [.init("similar-samples", Double(similar)), .init("similar-share", near, .atMost, maximum)]
        }
        var limitations = [
            "Samples are compared as they stand: other encodings, crops or translations of one are not found."
        ]
        if mask > 0 {
            limitations.append(
                "One of \(mask + 1) samples was compared for equality, chosen by hash: the share is an estimate.")
        }
        if textsLeftOut > 0 {
            limitations.append("\(textsLeftOut) training texts were left out of the search for similar ones.")
        }
        if looksForSimilar {
            limitations.append("Similar is an estimated Jaccard similarity of word triples of \(threshold) or more.")
        } else {
            limitations.append("Near-duplicates were not looked for: only equal samples count.")
        }
        if withoutShingles > 0 {
            limitations.append("\(withoutShingles) texts were too short to be compared for similarity.")
        }
        let found = equal + similar
        return DatasetCheck(
            .independence,
            "\(found) of \(validationCount) validation \(unit)s stand in the training data (\(equal) equal, \(similar) similar)",
            metrics: metrics, samples: validationCount, limitations: limitations,
            source: "A-MLSG-002-D002 (validate with independently sourced data)",
            // A share of zero among samples is no proof for the rest.
            undecided: textsLeftOut > 0 || trainingCount == 0)
    }
}
