/// A credential that its issuer marks with a prefix of its own.
struct SecretKind {
    /// What the value is made of.
    enum Alphabet {
        case hexadecimal, upper, word, dashed, dotted, address, percented

        func contains(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39: return true
            case 0x41...0x46: return true
            case 0x61...0x66: return self != .upper
            case 0x47...0x5A: return self != .hexadecimal
            case 0x67...0x7A: return self != .hexadecimal && self != .upper
            case UInt8(ascii: "_"): return self == .word || self == .dashed || self == .dotted || self == .address
            case UInt8(ascii: "-"): return self == .dashed || self == .dotted || self == .address
            case UInt8(ascii: "."), UInt8(ascii: "/"): return self == .dotted || self == .address
            case UInt8(ascii: "="), UInt8(ascii: "+"): return self == .dotted
            case UInt8(ascii: "@"): return self == .address
            case UInt8(ascii: "%"): return self == .percented
            default: return false
            }
        }
    }

    let prefix: [UInt8]
    /// Fewest and most bytes of the alphabet after the prefix.
    let length: ClosedRange<Int>
    let alphabet: Alphabet
    let issuer: String

    init(_ prefix: String, _ length: ClosedRange<Int>, _ alphabet: Alphabet, _ issuer: String) {
        self.prefix = Array(prefix.utf8)
        self.length = length
        self.alphabet = alphabet
        self.issuer = issuer
    }

    /// Prefixes and lengths as the issuers document them.
    static let all: [SecretKind] = [
        .init("AKIA", 16...16, .upper, "AWS access key"), .init("ASIA", 16...16, .upper, "AWS access key"),
        .init("ABIA", 16...16, .upper, "AWS access key"), .init("ACCA", 16...16, .upper, "AWS access key"),
        .init("A3T", 17...17, .upper, "AWS access key"), .init("ABSK", 100...200, .dotted, "AWS Bedrock key"),
        .init("ghp_", 36...40, .word, "GitHub token"), .init("gho_", 36...40, .word, "GitHub token"),
        .init("ghu_", 36...40, .word, "GitHub token"), .init("ghs_", 36...40, .word, "GitHub token"),
        .init("ghr_", 36...90, .word, "GitHub token"), .init("github_pat_", 40...90, .word, "GitHub token"),
        .init("glpat-", 14...90, .dotted, "GitLab token"), .init("gldt-", 20...40, .dashed, "GitLab token"),
        .init("glrt-", 20...90, .dotted, "GitLab token"), .init("glcbt-", 20...60, .dashed, "GitLab token"),
        .init("glptt-", 40...40, .hexadecimal, "GitLab token"), .init("glft-", 20...40, .dashed, "GitLab token"),
        .init("glimt-", 20...40, .dashed, "GitLab token"), .init("glagent-", 50...50, .dashed, "GitLab token"),
        .init("gloas-", 64...64, .dashed, "GitLab token"), .init("glsoat-", 20...40, .dashed, "GitLab token"),
        .init("glffct-", 20...40, .dashed, "GitLab token"), .init("GR1348941", 20...20, .dashed, "GitLab token"),
        .init("hf_", 30...40, .word, "Hugging Face token"), .init("api_org_", 30...40, .word, "Hugging Face token"),
        .init("sk-ant-", 32...130, .dashed, "Anthropic key"), .init("sk-proj-", 32...200, .dashed, "OpenAI key"),
        .init("sk-svcacct-", 32...200, .dashed, "OpenAI key"), .init("sk-admin-", 32...200, .dashed, "OpenAI key"),
        .init("sk-or-v1-", 40...80, .hexadecimal, "OpenRouter key"), .init("sk-", 32...64, .word, "OpenAI key"),
        .init("xoxb-", 20...120, .dashed, "Slack token"), .init("xoxp-", 20...120, .dashed, "Slack token"),
        .init("xoxa-", 20...120, .dashed, "Slack token"), .init("xoxr-", 20...120, .dashed, "Slack token"),
        .init("xoxs-", 20...120, .dashed, "Slack token"), .init("xoxo-", 20...120, .dashed, "Slack token"),
        .init("xoxe-", 40...200, .dashed, "Slack token"), .init("xoxe.xox", 40...200, .dashed, "Slack token"),
        .init("xapp-", 20...120, .dashed, "Slack token"), .init("AIza", 35...35, .dashed, "Google API key"),
        .init("ya29.", 40...400, .dashed, "Google OAuth token"), .init("GOCSPX-", 28...28, .dashed, "Google secret"),
        .init("sk_live_", 10...110, .word, "Stripe key"), .init("rk_live_", 10...110, .word, "Stripe key"),
        .init("sk_test_", 16...110, .word, "Stripe key"), .init("rk_test_", 16...110, .word, "Stripe key"),
        .init("sk_prod_", 10...110, .word, "Stripe key"), .init("whsec_", 24...60, .dotted, "Stripe secret"),
        .init("SG.", 60...72, .dotted, "SendGrid key"), .init("SK", 32...32, .hexadecimal, "Twilio key"),
        .init("key-", 32...32, .hexadecimal, "Mailgun key"), .init("npm_", 36...36, .word, "npm token"),
        .init("pypi-AgE", 40...400, .dashed, "PyPI token"), .init("rubygems_", 48...48, .hexadecimal, "RubyGems key"),
        .init("dop_v1_", 64...64, .hexadecimal, "DigitalOcean token"),
        .init("doo_v1_", 64...64, .hexadecimal, "DigitalOcean token"),
        .init("dor_v1_", 64...64, .hexadecimal, "DigitalOcean token"),
        .init("dapi", 32...34, .hexadecimal, "Databricks token"), .init("lin_api_", 40...40, .word, "Linear key"),
        .init("ntn_", 40...50, .word, "Notion token"), .init("pplx-", 40...60, .word, "Perplexity key"),
        .init("PMAK-", 59...59, .dashed, "Postman key"), .init("pscale_tkn_", 16...64, .dotted, "PlanetScale token"),
        .init("pscale_pw_", 14...64, .dotted, "PlanetScale password"),
        .init("pscale_oauth_", 20...64, .dotted, "PlanetScale token"),
        .init("shpat_", 32...32, .hexadecimal, "Shopify token"),
        .init("shpca_", 32...32, .hexadecimal, "Shopify token"),
        .init("shppa_", 32...32, .hexadecimal, "Shopify token"),
        .init("shpss_", 32...32, .hexadecimal, "Shopify secret"),
        .init("shippo_live_", 40...40, .hexadecimal, "Shippo token"),
        .init("shippo_test_", 40...40, .hexadecimal, "Shippo token"),
        .init("sntrys_", 40...400, .dotted, "Sentry token"), .init("sntryu_", 64...64, .hexadecimal, "Sentry token"),
        .init("sgp_", 40...60, .word, "Sourcegraph token"), .init("sq0atp-", 22...60, .dashed, "Square token"),
        .init("sq0csp-", 43...60, .dashed, "Square secret"), .init("EAAA", 56...64, .dashed, "Square token"),
        .init("EAAM", 90...300, .word, "Facebook token"), .init("EAAC", 90...300, .word, "Facebook token"),
        .init("tfp_", 40...64, .dotted, "Typeform token"), .init("hvs.", 80...120, .dashed, "Vault token"),
        .init("hvb.", 60...300, .dashed, "Vault token"), .init("dt0c01.", 80...100, .dotted, "Dynatrace token"),
        .init("duffel_", 40...60, .dotted, "Duffel token"), .init("EZAK", 54...54, .word, "EasyPost key"),
        .init("EZTK", 54...54, .word, "EasyPost key"), .init("fio-u-", 64...64, .dotted, "Frame.io token"),
        .init("FLWSECK", 12...60, .dashed, "Flutterwave key"), .init("glc_", 32...400, .dotted, "Grafana token"),
        .init("glsa_", 40...44, .word, "Grafana token"), .init("eyJrIjoi", 60...400, .dotted, "Grafana key"),
        .init("AGE-SECRET-KEY-1", 58...58, .upper, "age secret key"),
        .init("ops_eyJ", 100...2000, .dotted, "1Password token"),
        .init("A3-", 33...40, .dashed, "1Password key"), .init("AKCp", 60...80, .word, "Artifactory key"),
        .init("cmVmd", 59...59, .word, "Artifactory token"), .init("CLOJARS_", 60...60, .word, "Clojars token"),
        .init("dp.pt.", 40...44, .word, "Doppler token"), .init("fo1_", 40...44, .dashed, "Fly.io token"),
        .init("fm1r_", 80...600, .dotted, "Fly.io token"), .init("fm1a_", 80...600, .dotted, "Fly.io token"),
        .init("fm2_", 80...600, .dotted, "Fly.io token"), .init("HRKU-AA", 50...60, .dashed, "Heroku key"),
        .init("LTAI", 17...24, .word, "Alibaba access key"), .init("4b1d", 38...38, .word, "ClickHouse key"),
        .init("ico-", 32...32, .word, "Infracost key"), .init("NRAK-", 27...27, .word, "New Relic key"),
        .init("NRII-", 32...32, .dashed, "New Relic key"), .init("NRJS-", 19...19, .hexadecimal, "New Relic key"),
        .init("pnu_", 36...36, .word, "Prefect key"), .init("pul-", 40...40, .hexadecimal, "Pulumi token"),
        .init("rdme_", 70...70, .word, "ReadMe key"), .init("s-s4t2", 60...80, .dashed, "42 secret"),
        .init("sm_aat_", 16...16, .word, "SettleMint token"), .init("sm_pat_", 16...16, .word, "SettleMint token"),
        .init("sm_sat_", 16...16, .word, "SettleMint token"), .init("tk-us-", 24...48, .dashed, "Scalingo token"),
        .init("xkeysib-", 70...90, .dashed, "Brevo key"), .init("p8e-", 32...32, .word, "Adobe secret"),
        .init("pat.", 60...70, .dotted, "Harness key"), .init("sat.", 60...70, .dotted, "Harness key"),
        .init("sbp_", 40...40, .hexadecimal, "Supabase token"), .init("gsk_", 48...56, .word, "Groq key"),
        .init("r8_", 37...37, .word, "Replicate token"), .init("lsv2_", 40...60, .word, "LangSmith key"),
        .init("pcsk_", 60...80, .word, "Pinecone key"), .init("nvapi-", 60...70, .dashed, "NVIDIA key"),
        .init("tvly-", 30...50, .dashed, "Tavily key"), .init("jina_", 50...70, .dashed, "Jina key"),
        .init("fw_", 22...28, .word, "Fireworks key"), .init("xai-", 70...90, .word, "xAI key"),
        .init("dckr_pat_", 27...27, .dashed, "Docker token"), .init("oy2", 43...43, .word, "NuGet key"),
        .init("API-", 26...26, .upper, "Octopus key"), .init("AQVN", 35...38, .dashed, "Yandex key"),
        .init("v1.0-", 150...180, .dashed, "Cloudflare key"), .init("sha256~", 43...43, .dashed, "OpenShift token"),
        .init("atlasv1.", 60...70, .dotted, "Terraform token"), .init("ATATT3", 180...200, .dotted, "Atlassian token"),
        .init("access-production-", 36...36, .dashed, "Plaid token"),
        .init("bedrock-api-key-", 28...400, .dotted, "AWS Bedrock key"),
        .init("SharedAccessKey=", 40...48, .dotted, "Azure key"), .init("AccountKey=", 80...90, .dotted, "Azure key"),
        .init("hooks.slack.com/services/", 30...60, .dotted, "Slack webhook"),
        .init("hooks.slack.com/workflows/", 40...90, .dotted, "Slack webhook"),
        .init("_gitlab_session=", 32...32, .word, "GitLab session"),
        .init("hooks.slack.com/triggers/", 40...60, .dotted, "Slack webhook"),
        .init("webhook.office.com/webhookb2/", 90...200, .address, "Teams webhook"),
        .init("discord.com/api/webhooks/", 60...120, .address, "Discord webhook"),
        .init("discordapp.com/api/webhooks/", 60...120, .address, "Discord webhook"),
        .init("pk.eyJ", 60...120, .dotted, "Mapbox token"), .init("sk.eyJ", 60...120, .dotted, "Mapbox token"),
        .init("ZXlKaGJHY2lPa", 40...2000, .dotted, "JSON Web Token in base64"),
        .init("ZXlKMGVYQWlPa", 40...2000, .dotted, "JSON Web Token in base64"),
        .init("AAAAAAAAAAAAAAAAAAAAAA", 80...110, .percented, "Twitter bearer token"),
        .init("t1.", 90...130, .dotted, "Yandex token"), .init("sl.", 120...1400, .dotted, "Dropbox token"),
        .init("dnkey-", 60...100, .dashed, "Defined Networking key"),
        .init("pubkey-", 32...32, .hexadecimal, "Mailgun key"),
        .init("access-development-", 36...36, .dashed, "Plaid token"),
        .init("access-sandbox-", 36...36, .dashed, "Plaid token"), .init("s.", 24...24, .word, "Vault token"),
        .init("squ_", 40...40, .dashed, "Sonar token"), .init("sqp_", 40...40, .dashed, "Sonar token"),
        .init("sqa_", 40...40, .dashed, "Sonar token"), .init("pat", 79...79, .dotted, "Airtable token"),
        .init("scauth_", 60...200, .dotted, "Authress key"), .init("authress_", 60...200, .dotted, "Authress key"),
        .init("sgp_local_", 40...40, .hexadecimal, "Sourcegraph token"),
        .init("FLWPUBK_TEST-", 30...60, .dashed, "Flutterwave key"),
        .init("voyage-", 40...50, .dashed, "Voyage key"),
        .init("co_", 40...40, .word, "Cohere key"), .init("esecret_", 30...60, .word, "Anyscale key"),
        .init("wandb_v1_", 60...120, .word, "Weights & Biases key"),
        .init("vcp_", 40...60, .word, "Vercel token"), .init("ctx7sk-", 36...40, .dashed, "Context7 key"),
        .init("github_app_", 36...60, .word, "GitHub token"), .init("KGAT_", 30...40, .hexadecimal, "Kaggle token"),
        .init("sk-lf-", 36...36, .dashed, "Langfuse key"),
        .init("phx_", 40...48, .word, "PostHog key"), .init("rpa_", 40...48, .word, "RunPod key"),
        .init("tgp_v1_", 40...50, .dashed, "Together key"), .init("csk-", 40...60, .word, "Cerebras key"),
    ]

    /// Kinds by the first two bytes of their prefixes.
    static let byFirstBytes: [UInt16: [SecretKind]] = Dictionary(grouping: all) {
        UInt16($0.prefix[0]) << 8 | UInt16($0.prefix[1])
    }

    /// For each byte, whether a prefix starts with it.
    static let firstBytes: [Bool] = {
        var table = [Bool](repeating: false, count: 256)
        for kind in all { table[Int(kind.prefix[0])] = true }
        return table
    }()
}
