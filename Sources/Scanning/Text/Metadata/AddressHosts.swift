/// What well-known hosts are for, where that is a reason to look twice.
enum AddressHosts {
    enum Purpose {
        case collector, paste, dynamicName, nameOfNumber, cloudMetadata

        var reason: String {
            switch self {
            case .collector: "an address of a service that collects or relays requests"
            case .paste: "an address of a paste, file-drop or short-link service"
            case .dynamicName: "an address whose owner moves it at will (dynamic DNS)"
            case .nameOfNumber: "an address whose name stands for an IP number"
            case .cloudMetadata: "the address of a cloud's metadata service"
            }
        }

        var isMedium: Bool { self == .collector || self == .cloudMetadata }
        var isNameOfNumber: Bool { self == .nameOfNumber }
    }

    /// The purpose of a host, by the domain that it belongs to and the start of the path.
    static func purpose(of host: String, path: String) -> Purpose? {
        var domain = Substring(host)
        if domain.hasSuffix(".") { domain.removeLast() }
        while !domain.isEmpty {
            if let (purpose, start) = table[String(domain)], path.hasPrefix(start) { return purpose }
            guard let dot = domain.firstIndex(of: ".") else { return nil }
            domain = domain[domain.index(after: dot)...]
        }
        return nil
    }

    private static let table: [String: (Purpose, String)] = {
        var table: [String: (Purpose, String)] = [:]
        for (purpose, hosts) in [
            (Purpose.collector, collectors), (.paste, pastes), (.dynamicName, dynamicNames),
            (.nameOfNumber, numberNames),
            (.cloudMetadata, ["metadata.google.internal", "metadata.goog"]),
        ] {
            for host in hosts {
                let cut = host.firstIndex(of: "/") ?? host.endIndex
                table[String(host[..<cut])] = (purpose, String(host[cut...]))
            }
        }
        return table
    }()

    /// Services that show what was sent to them, tell of look-ups, or open a way to a machine behind them.
    private static let collectors = [
        "webhook.site", "webhook.cool", "requestbin.com", "requestbin.net", "pipedream.net", "burpcollaborator.net",
        "oastify.com", "oast.pro", "oast.live", "oast.site", "oast.online", "oast.fun", "oast.me", "interact.sh",
        "interactsh.com", "dnslog.cn", "ceye.io", "canarytokens.com", "requestcatcher.com", "requestrepo.com",
        "beeceptor.com", "hookb.in", "postb.in", "ptsv2.com", "ptsv3.com", "smee.io", "play.svix.com", "xss.ht",
        "bxss.me", "dnsbin.zhack.ca", "typedwebhook.tools", "mockbin.org", "discord.com/api/webhooks",
        "discordapp.com/api/webhooks", "hooks.slack.com", "api.telegram.org/bot", "webhook.office.com", "ntfy.sh",
        "maker.ifttt.com", "hooks.zapier.com", "ngrok.io", "ngrok.app", "ngrok.dev", "ngrok-free.app", "ngrok-free.dev",
        "serveo.net", "localhost.run", "lhr.life", "localtunnel.me", "loca.lt", "trycloudflare.com", "bore.pub",
        "pinggy.io", "pinggy.link", "pagekite.me", "playit.gg", "devtunnels.ms", "telebit.io", "tunnelmole.net",
    ]

    private static let pastes = [
        "pastebin.com", "paste.ee", "paste.rs", "pastes.io", "pastie.org", "dpaste.com", "dpaste.org", "hastebin.com",
        "rentry.co", "rentry.org", "termbin.com", "ix.io", "sprunge.us", "clbin.com", "bpa.st", "controlc.com",
        "justpaste.it", "privatebin.net", "ghostbin.com", "0x0.st", "x0.at", "uguu.se", "transfer.sh", "bashupload.com",
        "file.io", "temp.sh", "filebin.net", "tmpfiles.org", "oshi.at", "anonfiles.com", "gofile.io", "catbox.moe",
        "pixeldrain.com", "sendspace.com", "ufile.io", "1fichier.com", "we.tl", "bit.ly", "tinyurl.com", "t.ly",
        "is.gd",
        "v.gd", "cutt.ly", "rb.gy", "goo.gl", "ow.ly", "buff.ly", "shorturl.at", "rebrand.ly", "tiny.cc", "clck.ru",
        "adf.ly", "t.co", "u.to", "bl.ink", "s.id",
    ]

    private static let dynamicNames = [
        "duckdns.org", "no-ip.org", "no-ip.biz", "ddns.net", "hopto.org", "zapto.org", "sytes.net", "myftp.org",
        "myftp.biz", "servegame.com", "serveftp.com", "redirectme.net", "bounceme.net", "dynu.net", "dyndns.org",
        "mooo.com", "chickenkiller.com", "us.to", "ddnsfree.com", "freeddns.org", "3322.org", "f3322.net",
    ]

    private static let numberNames = ["nip.io", "sslip.io", "xip.io", "traefik.me", "1u.ms", "rbndr.us"]
}
