/// Credentials without a mark of their own, which are known by the service that is named before them.
///
/// `CODECOV_TOKEN = "…"`, `datadog api key: …`: the service's name, an operator of assignment, and a value of just the
/// form that the service gives out.
struct ServiceKey {
    enum Alphabet {
        case hexadecimal, lower, letters, dashed, spread, uuid

        func contains(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39: true
            case 0x61...0x66: true
            case 0x67...0x7A: self != .hexadecimal && self != .uuid
            case 0x41...0x5A: self == .letters || self == .uuid && byte <= 0x46
            case UInt8(ascii: "-"): self == .dashed || self == .letters || self == .spread || self == .uuid
            case UInt8(ascii: "_"), UInt8(ascii: "="): self == .dashed || self == .letters || self == .spread
            case UInt8(ascii: "/"), UInt8(ascii: "+"): self == .spread
            default: false
            }
        }
    }

    /// The service as it is written in names, in lower case, without the marks between words.
    let name: [UInt8]
    let alphabet: Alphabet
    let lengths: ClosedRange<Int>

    /// A line is `service alphabet lengths …`; lengths as the services' documentation and generators of keys give them.
    private static let lines = """
        adafruit d32 / adobe h32 / airtable a17 / algolia a32 / alibaba a30 / aliyun a30 / asana a32 / atlassian a24
        confluence a24 / jira a24 / beamer d46 / bitbucket a32 d64 / bittrex a32 / meraki h40 / cloudflare d40 h37
        codecov a32 / cohere w40 / coapikey w40 / coinbase d64 / confluent a16 a64 / contentful d43 / datadog a40 a32
        discord h64 d32 / droneci a32 / dropbox a15 w64 / etsy a24 / facebook h32 / fastly d32 / finicity h32 a20
        finnhub a20 / flickr a32 / freshbooks a64 / gitter d40 / gocardless d45 / heroku u36 / hubspot u36 / intercom d60 / jfrog a64 a73
        artifactory a64 a73 / bintray a64 / xray a73 / kraken k80-90 / kucoin h24 u36 / launchdarkly d40 / linear h32
        linkedin a14 a16 / lob d40-44 / mailgun d50 / looker a20 a24 / mattermost a26 / messagebird a25 u36 / netlify d40-46
        newrelic a64 / nytimes d32 / newyorktimes d32 / okta w42 / plaid a24 a30 / privateai a32 / rapidapi d50
        sendbird u36 h40 / sentry h64 / snyk u36 / sonar d40 / squarespace u36 / sumo w14 a64 / travis a22 / twitch a30
        twitter a25 a45 a50 w36-66 / yandex w40 / zendesk a40 / pinecone u36 / weightsandbiases h40 / wandb h40 / kaggle h32
        openai h32 / azure h32 / deepl u36 / mistral w32 / assemblyai h32 / elevenlabs h32 / stability w48 / comet w25
        neptune w60-200 / clearml w30-60 / roboflow w20 / cohereapikey w40 / replicate h40 / runpod w40 / vultr a36
        """

    static let all: [ServiceKey] = {
        var keys: [ServiceKey] = []
        for entry in lines.split(whereSeparator: { $0 == "/" || $0 == "\n" }) {
            let words = entry.split(separator: " ")
            guard let name = words.first else { continue }
            for shape in words.dropFirst() {
                guard let alphabet = alphabet(shape.first) else { continue }
                let lengths = shape.dropFirst().split(separator: "-").compactMap { Int($0) }
                guard let least = lengths.first, let most = lengths.last, least <= most else { continue }
                keys.append(ServiceKey(name: Array(name.utf8), alphabet: alphabet, lengths: least...most))
            }
        }
        return keys
    }()

    /// Lengths that any service's values have.
    static let lengths: Set<Int> = Set(all.flatMap { Array($0.lengths) })

    private static func alphabet(_ letter: Character?) -> Alphabet? {
        switch letter {
        case "h": .hexadecimal
        case "a": .lower
        case "w": .letters
        case "d": .dashed
        case "k": .spread
        case "u": .uuid
        default: nil
        }
    }

    /// The service that gives out values like `value` and is named in `context`, the text before it.
    static func issuer(of value: ArraySlice<UInt8>, after context: Context) -> String? {
        for key in all where key.lengths.contains(value.count) && value.allSatisfy(key.alphabet.contains) {
            // Digests look like some services' keys, and short names are parts of words.
            let isStrict = key.name.count <= 5 || key.alphabet == .hexadecimal || key.alphabet == .uuid
            guard context.names(key.name, asWord: isStrict) else { continue }
            guard key.alphabet != .uuid || isUUID(value) else { continue }
            return String(decoding: key.name, as: UTF8.self) + " key"
        }
        return nil
    }

    /// Text in which a service's name is looked for: letters and digits alone, and where words begin.
    struct Context {
        private var letters: [UInt8] = []
        private var begins: [Bool] = []

        init(_ text: [UInt8]) {
            var isInWord = false
            for byte in text {
                let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                if isLetter || (0x30...0x39).contains(byte) {
                    letters.append(isLetter ? byte | 0x20 : byte)
                    begins.append(!isInWord || (0x41...0x5A).contains(byte))
                }
                isInWord = isLetter
            }
        }

        /// Whether `name` stands in the text; with `asWord`, only where a word begins.
        func names(_ name: [UInt8], asWord: Bool) -> Bool {
            guard letters.count >= name.count else { return false }
            for start in 0...(letters.count - name.count) where letters[start] == name[0] {
                if !asWord || begins[start], letters[start..<(start + name.count)].elementsEqual(name) { return true }
            }
            return false
        }
    }

    private static func isUUID(_ value: ArraySlice<UInt8>) -> Bool {
        let dashes = value.enumerated().filter { $0.element == UInt8(ascii: "-") }.map(\.offset)
        return dashes == [8, 13, 18, 23]
    }
}
