/// Tells values that were drawn at random from words and identifiers.
///
/// Two models give a text its cost in bits: that of words, by which letter follows which and how seldom case and digits
/// change within one; and that of chance, which draws each letter by itself. The difference is the log-likelihood ratio
/// of the two (Neyman and Pearson, 1933): it grows with the length of a random value, and falls with that of words.
package enum Wording {
    /// Bits by which chance explains `bytes` better than words do.
    ///
    /// Of hexadecimal digits both models know equally little: their value lies around zero.
    package static func surprise(_ bytes: ArraySlice<UInt8>) -> Double {
        var (upper, lower, digits) = (0, 0, 0)
        for byte in bytes {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x41...0x5A: upper += 1
            case 0x61...0x7A: lower += 1
            default: break
            }
        }
        guard upper + lower > 0 else { return 0 }
        let letterCost = digits > 0 ? 5.17 : 4.70
        let caseCost = min(upper, lower) * 6 >= upper + lower ? 1 : 0.3
        var words = 0.0
        var chance = 0.0
        var last = mark
        var wasUpper: Bool?
        var capitals = 0
        for byte in bytes {
            let symbol = symbol(of: byte)
            let step = Double(costs[last * 28 + symbol]) / 3
            words += step
            last = symbol
            guard symbol < digit else {
                // How many digits there are says what chance makes of them; marks tell nothing.
                chance += symbol == digit ? 1.85 : step
                wasUpper = nil
                capitals = 0
                continue
            }
            let isUpper = byte < 0x61
            chance += letterCost + caseCost
            switch wasUpper {
            case nil: words += 1
            case isUpper: words += 0.3
            default: words += !isUpper && capitals == 1 ? 0.5 : 2.5
            }
            capitals = isUpper ? capitals + 1 : 0
            wasUpper = isUpper
        }
        return words - chance
    }

    private static let digit = 26
    private static let mark = 27

    private static func symbol(of byte: UInt8) -> Int {
        switch byte {
        case 0x30...0x39: digit
        case 0x41...0x5A: Int(byte) - 0x41
        case 0x61...0x7A: Int(byte) - 0x61
        default: mark
        }
    }

    /// What it costs in a word that a symbol (column) follows another (row), in thirds of a bit from `A` = 0 on:
    /// the letters, any digit, any mark or the word's border.
    ///
    /// Counted in the 343,502 different words of Python's library, of Debian's documentation and of Swift's.
    private static let costs: [UInt8] = Array(
        #"""
        XOMMVUP]Q_TKNL`O`KMJRTXUT]ON
        KRPRLSY]NPZKVYNUbPPVL]^ZQZJJ
        LVQTKUZLQaMNUYIT_OSLQY^`WaMK
        MSTPHSXYK][QWWNWaRQUQ[[^WbLG
        OVNNSRT[W_\MQLWRUJKMZTVOU`QH
        MTRRMMZ\Ig^PZXLYdOQQP_\_UgKG
        PXTWGYSOMc\PROQVdMNQQZ\`ZXWG
        H[YWIY[[LeXURXKRaPTLS][_UbUG
        QPNOQROa[`ZMOGKP_PLKWRbSbR\P
        KWSSGVYZO\UYVVKOXYIYMZSc\`TJ
        NWRTFUSVK][SVSRU^UNSQZU_XaWF
        LUVQHLW\JbZLXZLUbYPOPW^`S_YI
        HQVSHY[_M_ZPPWLK^YOUR\^ZVeWJ
        MZNKLQKZO_UUXRNU`XLJRS]ZY^XI
        SQNM[SS]T[SNMHQMfIOONSQW\_[M
        JZUSJXYSNaVMWZLM`JQLPZ\aQ_SJ
        WUXWZW[^W`bMUV\XWRQUCW\_c^WI
        LYQRHVR]LeSSQSKVcOMNSU[bQdZI
        Q\PYHWYPMcTRWXOPYXMIQYW`SaXG
        LZRVIU[NKc[SUYMSaLOPR\XZP^WG
        POQSMPS_Nc[LMJVMfKLJ\\bXa]MR
        HWRYEWU]Kf^YTVQUcWTV\\\[Y`NL
        JXSTLWYOIdWUXNKWaKOVZ\Q[^aWI
        OROTMO^ZPebWQ[WMcZPI[[_US^GH
        RUSVQWR[T`\OPNSI`UMNWZU]ZYVE
        LWWXEV\TJb[ORXOW`XVVW\Z_TSSJ
        PPPOPOdb`ec^aab\h_\]caeaiiDG
        NPLNNNPPOXUPOPPMZOKNPRRP[ZQN
        """#.utf8
    ).compactMap { $0 > 0x20 ? $0 - 0x41 : nil }
}
