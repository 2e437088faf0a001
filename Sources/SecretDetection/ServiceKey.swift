internal import ByteParsing

/// Credentials without a mark of their own, which are known by the service that is named before them.
///
/// `CODECOV_TOKEN = "…"`, `datadog api key: …`: the service's name, an operator of assignment, and a value of just the
/// form that the service gives out.
struct ServiceKey {
    /// The service as it is written in names, in lower case, without the marks between words.
    let name: [UInt8]
    let forms: [KeyForm]

    /// Names of a service and the forms of its keys, as its documentation and generators of keys give them.
    private static let lines = """
        adafruit: {d32}
        adobe: {h32}
        airtable: {l17}
        algolia: {l32}
        alibaba aliyun: {a30}
        alphavantage: {u16}
        amplitude: {h32}
        artifactory bintray: {a64} {a73}
        asana: {a32} {n16}
        assemblyai: {h32}
        atlassian confluence jira: {a24}
        auth0: {d64}
        azure: {h32} {a52} {a84}
        beamer: b_{b44}
        bitbucket: {a32} {b64}
        bittrex: {a32}
        bluemix ibmcloud: {d44}
        braintree: {h32} {l16}
        buildkite: {h40}
        bugsnag: {h32}
        cloudant: {h64} {l24}
        cloudflare: {d40} {h37}
        cloudinary: {d27}
        codecov: {a32} {h8}-{h4}-{h4}-{h4}-{h12}
        codeclimate: {h64}
        cohere coapikey: {a40}
        coinbase: {d64}
        comet: {a25}
        confluent: {a16} {b64}
        contentful: {d43} {b43}
        contribsyscom: {h8}:{h8}
        coveralls: {a32-37}
        datadog: {l40} {h32} {h40}
        deepgram: {h40}
        deepl: {h8}-{h4}-{h4}-{h4}-{h12}:fx {h8}-{h4}-{h4}-{h4}-{h12}
        discord: {h64} {d32} {b32} {n17-19}
        droneci: {a32}
        dropbox: {l15} {a11}AAAAAAAAAA{b43} sl.{b135}
        elastic: {b60}
        elevenlabs: {h32}
        etsy: {l24}
        facebook: {h32}
        fastly: {d32} {b32}
        finicity: {h32} {l20}
        finnhub: {l20}
        flickr: {l32}
        freshbooks: {a64}
        gitter: {d40}
        gocardless: live_{b40} sandbox_{b40}
        heroku: {h8}-{h4}-{h4}-{h4}-{h12}
        honeycomb: {h32} {a22}
        hubspot: {h8}-{h4}-{h4}-{h4}-{h12}
        intercom: {b60}
        jfrog xray: {a64} {a73}
        kaggle: {h32}
        kraken: {b56} {b80-90}
        kucoin: {h24} {h8}-{h4}-{h4}-{h4}-{h12}
        launchdarkly: {b40}
        linear: {h32}
        linkedin: {l14} {l16} {a16}
        lob: live_{h35} test_{h35} live_pub_{h31} test_pub_{h31}
        looker: {l20} {l24}
        mailgun: {h32}-{h8}-{h8} {l32}-{l8}-{l8}
        mandrill: {d22}
        mattermost: {l26}
        meraki: {h40}
        messagebird: {a25} {h8}-{h4}-{h4}-{h4}-{h12}
        mistral: {a32}
        mixpanel: {h32}
        mollie: live_{a30} test_{a30}
        netlify: {b40-46}
        newrelic: {a64} {h32}FFFFNRAL {h36}FFFFNRAL
        newyorktimes nytimes: {b32}
        ngrok: 2{a26}_{n1}{a20}
        okta: 00{b20-40}
        openai: {h32}
        pagerduty: {d20} u+{d18}
        percy: {h64}
        pinecone: {h8}-{h4}-{h4}-{h4}-{h12}
        plaid: {l24} {l30}
        postmark: {h8}-{h4}-{h4}-{h4}-{h12}
        privateai: {l32}
        pusher: {h20}
        rapidapi: {d50}
        replicate: {h40}
        rollbar: {h32}
        runpod: {a40}
        scaleway: {h8}-{h4}-{h4}-{h4}-{h12}
        segment: {a32} {d43}.{d43}
        sendbird: {h40} {h8}-{h4}-{h4}-{h4}-{h12}
        sendgrid: SG.{t60-72}
        sentry: {h64} {h32}
        snyk: {h8}-{h4}-{h4}-{h4}-{h12}
        softlayer: {a64}
        sonar: {b40}
        sourcegraph: {h40}
        splunk: {h8}-{h4}-{h4}-{h4}-{h12}
        squarespace: {h8}-{h4}-{h4}-{h4}-{h12}
        stability: {a48}
        sumo: su{a12} {a64}
        telegr: {n5-16}:A{d34}
        travis: {a22}
        trello: {h32} {h64}
        twilio: {h32}
        twitch: {l30}
        twitter: {a25} {a45} {a50} {n15-25}-{a20-40}
        uploadcare: {l20}
        virustotal: {h64}
        vultr: {u36}
        wandb weightsandbiases: {h40}
        yandex: YC{d38}
        zapier: {a32}
        zendesk: {a40}
        zhipu bigmodel: {h32}.{a16}
        """

    /// The services by the first letter of their names.
    static let byLetter: [[ServiceKey]] = {
        var table = [[ServiceKey]](repeating: [], count: 256)
        for line in Array(lines.utf8).split(separator: 0x0A) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            for name in line[..<colon].split(separator: 0x20) {
                let issuer = String(decoding: name, as: UTF8.self)
                let forms = line[(colon + 1)...].split(separator: 0x20).compactMap { KeyForm($0, issuer: issuer) }
                table[Int(name[name.startIndex])].append(ServiceKey(name: Array(name), forms: forms))
            }
        }
        return table
    }()

    /// The key that stands at `start` in the form of a service that is named in `context`: its owner and its end.
    static func key(in bytes: RawSpan, at start: Int, after context: Context) -> (issuer: String, end: Int)? {
        for service in context.services(from: byLetter) {
            let isPlain = service.name.count > 4 || context.begins(service.name)
            for form in service.forms {
                guard let end = form.end(in: bytes, at: start), SecretScanner.isEnd(bytes.byte(at: end)) else {
                    continue
                }
                let value = SecretScanner.copy(bytes, start, end)[...]
                guard !SecretShape.isStandIn(value), !SecretShape.isSequence(value) else { continue }
                // Digests, identifiers and numbers look like some services' keys.
                let isHexadecimal = SecretShape.isHexadecimal(value.filter { $0 != UInt8(ascii: ":") }[...])
                if isHexadecimal, context.namesIdentifier { continue }
                let isNumber = value.allSatisfy { (0x30...0x39).contains($0) }
                guard SecretShape.entropy(value) >= (isNumber ? 2 : 2.5) else { continue }
                let rest = value.dropFirst(form.prefix.count)
                let surprise = SecretShape.isHexadecimal(rest) ? 5 : Wording.surprise(rest)
                // A short name within a word needs a mark in the key, or a key that nothing else explains.
                let needed: Double = isPlain || !form.prefix.isEmpty ? 4 : 25
                guard isHexadecimal && isPlain || surprise > needed else { continue }
                return (String(decoding: service.name, as: UTF8.self) + " key", end)
            }
        }
        return nil
    }

    /// The name before an operator, in which a service's is looked for: letters and digits alone, in lower case, and
    /// where words begin.
    struct Context {
        private var letters: [UInt8] = []
        private var starts: [Bool] = []
        private var capitals: [Bool] = []

        init(_ text: [UInt8]) {
            var isInWord = false
            for byte in text {
                let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                if isLetter || (0x30...0x39).contains(byte) {
                    letters.append(isLetter ? byte | 0x20 : byte)
                    starts.append(!isInWord || (0x41...0x5A).contains(byte))
                    capitals.append((0x41...0x5A).contains(byte))
                }
                isInWord = isLetter
            }
        }

        /// The services that are named; short names only in one case, or with a capital: others are parts of two words.
        func services(from table: [[ServiceKey]]) -> [ServiceKey] {
            var found: [ServiceKey] = []
            for start in letters.indices {
                for service in table[Int(letters[start])] where letters[start...].starts(with: service.name) {
                    let tail = capitals[(start + 1)..<(start + service.name.count)]
                    let isOneWord = tail.allSatisfy { !$0 } || capitals[start] && tail.allSatisfy { $0 }
                    if isOneWord || service.name.count > 6 { found.append(service) }
                }
            }
            return found
        }

        /// Whether a word begins with `name`.
        func begins(_ name: [UInt8]) -> Bool {
            letters.indices.contains { starts[$0] && letters[$0...].starts(with: name) }
        }

        /// Whether the name says that the value identifies something, as digests and numbers of things do.
        var namesIdentifier: Bool {
            func ends(_ words: [[UInt8]]) -> Bool { words.contains { letters.suffix($0.count).elementsEqual($0) } }
            return ends(Self.identifiers) && !ends(Self.owners)
        }

        private static let identifiers = [
            "id", "sha", "sha1", "sha256", "sha512", "md5", "hash", "commit", "revision", "rev", "checksum", "digest",
            "etag", "version", "uuid", "guid", "oid", "blob", "ref", "tag", "build", "fingerprint", "crc", "ids",
        ].map { Array($0.utf8) }
        private static let owners = ["clientid", "accessid", "keyid", "appid", "applicationid"].map { Array($0.utf8) }
    }
}
