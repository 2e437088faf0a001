import ByteParsing
import ModelFormats
import Testing

/// Structures of HDF5 that only many chunks or special properties bring about; the files are h5py's, compressed.
@Suite struct HDF5IndexTests {
    /// A dataset of 700 chunks of one byte that can grow.
    private let growing = base64(
        "eNrt2XdMFHkUwPHZZWkLKCJd1EWxN1REERtVigqCHQULFgQR5VQUQUFQEAuioiAiiGLBgiI27NgL9t57V+zlvPOW4zsXIf51ueRiwksmn919+c3O"
            + "vPnN7JvZeBdHZx25qVxFQ0MQ4zuRa1H63pLPHZJt33q4OHpJFUUGGoE/LmFSvR8HiiGXChJBUNMWlEj8C8X1uwj/Wfj5hIX+vUnKL5DoC4JUIpHs"
            + "kpbdDRVtQaIrlGxDSWgIqsqtUtHSMBAEmfTvATKFTKYrPy1hnfnCrxkpnlYvnOxcHJX7qJDpyuSUQQhCbYwzLlWs03s0wgJruaaTnau9IPxTEuaG"
            + "BKWognYqpV7GlzLyaozXLcVQr1QT9VI91MseqV8twjNuKpzsHH+slDJkVEUV1VAdxTNNE+Wohdqog5WwMupiFdTDqtj9kptp2a0qOYH1yRqgIRqh"
            + "MZqgKVZDM6yONbAmKtAca2FttMA6WBfrYX1sgA2xETbGJtgUm6ElNscW2BLnnsrKKVuVEOViRbYVWmNrbIM22BZtsR22xw7YETuJZwjaowM6ohM6"
            + "Y2d0QVd0Q3fsgl2xG3qgpzgn0Au9xTP58N7YslVJVC49yPbEXtgb+2Bf7Ic+2B8HoC/64UAchINxCPrjUByGw3EEBuBIDMQgHIXBOBpDcAyOxVBx"
            + "NnheiXCy8/6hKsUlM1CfY2hIFbiOBpuWmuSekF1ulNIYs9LXqYqfX+vSiooz/89fDfVKBma1GzZv09G5aw+fwQEhEyJjZ81PzVy9cevugyfOXb3z"
            + "+NUHiUZlw+oWjVrYdOrcrWf/ISPHhE2ZPnvBkuVrcrftOXTy/LW7T15/lGrqGtWo07hlWzsXj14D/APHTpw6Y87CtKy1m7bvPXzqwvV7T4s/qcir"
            + "GNes28TK1t7Vs7fv0KDQSVFxc5OXrsjZvGPfkaKLN+4/e/NZpqVnoqjXtFU7B7fuffyGjfotPDo+cVH6ynV5O/cfPX3p5oPnb7+oalc1Na/fzLq9"
            + "o7tX34HDg8dNnjZz3uJl2eu3FBw4dubyrYcv3n1V09GvVquBZesOTl28+w0aMXp8RExCUkrGqg35uwqPn71y+9HL9xW7/ovvulARFVERFVER/zrK"
            + "tcRKf6MJGofjcQKG4USchOE4GSMwEqfgVIzCaJyGMRiL03EGxmE8zsQEnIWzcY54A4CJOA+TcD4uwIWYjItwMaZgKi7BNFyK6bgMMzATl2MWrsCV"
            + "mI2rcDWuwbWYg+twPW7AjZiLm3Az5onNcZQQUHZW5CrdQjYft+I23I47cCcW4C7cjXtwL+7D/XgAC/EgHsLDeASP4jE8jifwJJ7CIjyNZ/AsnsPz"
            + "eAEv4iW8jFfwKl7D63gDb+ItvI138C7ew/v4AB/iI3yMT/ApPsPn+AJf4it8jcX4Bt/iO/Ghw/Gg6LKzouSW6D3ZD/gRP+Fn/IJf8Xf8hn/gn/hd"
            + "fBipyYMnlKIKylAV1VAdNVAT5aiF2qiDlbAy6mIV1MOqqI8GaIhGaIwmaIrV0AyrYw2siQo0x1pYGy2wDtbFelgfG2BDbISNsQk2xWZoic2xBbbE"
            + "EVlGWeUeNSm1ItsKrbE1tkEbbIu22A7bYwfsiJ3QDu3RAR3RCZ2xM7qgK7qhO3bBrtgNPdATu6MXemMP7Im9sDf2wb7YD32wPw5AX/TDgTgIB+MQ"
            + "9MehOAyHi0cNA3AkBmIQjsJgHI0hOAbHYqhYh+w8s5/0FWTH4XicgGE4ESdhOE7GCIzEKTgVozAap2EMxuJ0nIFxGI8zMQFn4Wycg3MxEedhEs7H"
            + "BbgQk3ERLsYUTMUlmIZLMR2XYQZm4nLMwhW4ErNxFa7GNbgWc3AdrscNuBFzcRNuxjzxmhtj8+0nfQXZfNyK23A77sCdWIC7cDfuwb24D/fjASzE"
            + "g3gID+MRPIrH8DiewJN4CovwNJ7Bs3gOz+MFvIiX8DJewat4Da/jDbyJt/A23sG7eA/v4wN8iI/wMT7Bp/gMn+MLfImv8DUW4xt8i+/Ea4WNdWS5"
            + "vkLpe7If8CN+ws/4Bb/i7/gN/8A/8TsKcvoKlKIKylAV1VAdNVAT5aiF2qiDlbAy6mIV1MOqqI8GaIhGaIwmaIrV0AyrYw2siQo0x1pYGy2wDtbF"
            + "elgfG2BDbISNsQk2xWZoic2xBbZEK2yF1tga26ANtkVbbIftsQN2xE5oh/bogI7ohM7YGV3QFd3QHbtgV+yGHuiJ3dELvbEH9sRe2Bv7YF/shz7Y"
            + "HwegL/rhQByEg3EI+uNQHIbDcQQG4EgMxCAchcE4GkNwDI7FUCz+5FtYroOQKjsIsuNwPE7AMJyIkzAcJ2MERuIUnIpRGI3TMAZjcTrOwDiMx5mY"
            + "gLNwNs7BuZiI8zAJ5+MCXIjJuAgXYwqm4hJMw6WYjsswAzNxOWbhClyJ2bgKV+MaXIs5uA7X4wbciLm4CTdjHm7BfNyK23A77sCdWCD/+V9vFfFr"
            + "RfAR8/S/AB8vtPg=")
    /// A group whose links are in a heap of compressed blocks: 40 soft ones and one to /etc/passwd.
    private let packed = base64(
        "eNrr9HBx4+WS4mLm4GCAgf9QsJYNwjeAije/Ffrt7+ESxKRwTpQjGxlXMAkha4QBLiYGRgYGNkEGIMVWkJicnZpyGGaJMwM1gHWryFLsTvoBcdI1"
            + "RojCBiYIDXEStwIDIyNUhpGBA4gZGVJS03ISS1IZOGFmb2EYkuAf16EwtyCPAAZ2Bh4GJgYBBox4jWaB8JdBw4QBFvUsqLQmkTYClcNMYoAEKjB4"
            + "GTzYkEVggImRERzaoFCOujpxq1OIhwsDK0g/N1AkReMHE8xumO3sh7ML3YKBqhhaYWag0Qh3BDBUAO2G2fkD6g9lBlSadX+ig1OIjxsD62f9CYwM"
            + "S4GqRRmmxX1hYZgFlBVmYKsUEGXYBRb9fSpLlEGNGcSMtu6WYKgGi063/STNsBasdrJpswLDE7CoefRKRYZ2sOgmlotKDNZgbV77nisxaDGBmLf2"
            + "pqgwaEC01Z5WYXjBABJlejhRn8EGbEIvp7gpw2SwWk8WTjsGIbDoo6ppTgwHwNpSXv/zZZgAFjWtPh7B8BdsgrkGawqDINi2D4U1WQypQKYsQ2j2"
            + "n0KGy2AFlnP/FTOsAJurpKpbzeAHNsxEPKyOYS9YdBn7pA4Ga7Do1K13uxgCwVYIqJT2MwSAzRW409TPkAYW3f7HexqDOpi5L3rHHIY6sAlqL00W"
            + "MGSCmV6HVbYz/AEz/9/N2s5QAjZ3X3XabgZ7sOhdtYX7gRRINCDg1mGGELCoO/f34wzPwcx2f7PLDOfBVlzxyrzNIAoWfVNWe5shEaxNRez3N4ZL"
            + "YNE4TicBMnKJW3CwKzwDMLIzMPwEpRnGOgaGJqCHGewuHFhZcevo+bOchxwkWh7qy/3ZGdmx4WTfz92dHRmSB10+ihSGb5G8vUlA20Dh3JQHc9qe"
            + "f8srn711r9DvvJRvNfrfTppItv+T+FuUpmd2Pdg8JknvTGfrBoVphyZFcGon6a6p75jSMWUGp/Ei8SqlFoVVHDpNXQeUViBRBiJr1f7qthXfPns2"
            + "Rpz/3aWWgvyztm/2/2Z4uD/xXMUt14vWXEyOAi0P5x5Ite01Nn0f4nKGJX/Bgramc5G2/Uploe3xIfZ77d9su3zbd8/pTLtdR9fG9d/+cHqL5PPn"
            + "f632BCqwKk9IEPG8qDFxUqBa6mInLbepIb1SKyVLg/5f+jP71fU7rzodJToEmiRaJ85o6ZzROjOipTWideqNlt4brahu/fj/HX93Zj2vm4enE7yw"
            + "BZeerBB6ClKgS0PFZjJgFkoMBMQaVcI6ARyXZaU=")

    private func inflated(_ bytes: [UInt8]) throws -> ByteRegion {
        try Decompressed(ByteRegion(bytes), as: .zlib, budget: Budget()).region
    }

    @Test func followsSecondaryBlocks() throws {
        var walker = try HDF5Walker(try inflated(growing), budget: Budget())
        var values: [ByteRegion] = []
        while let object = try walker.next() {
            if object.kind == .dataset { values = try walker.values(of: object, limit: 1 << 20) }
        }
        #expect(values.count == 1)
        #expect(values.first?.array() == (0..<700).map { UInt8($0 * 7 % 251) })
    }

    @Test func unpacksFilteredHeaps() throws {
        let objects = try HDF5WalkerTests.walk(try inflated(packed))
        let group = try #require(objects.first { $0.path == "/packed" })
        #expect(group.failures.isEmpty)
        #expect(group.links.count == 41)
        #expect(group.links.contains { $0.target == .external(file: "/etc/passwd", path: "/x") })
        #expect(group.links.filter { $0.target == .soft("/target17") }.count == 1)
    }

    @Test func damageEnds() throws {
        for bytes in [try inflated(growing).array(), try inflated(packed).array()] {
            // Every place of the packed file, every 13th of the larger one.
            for index in stride(from: 0, to: bytes.count, by: bytes.count > 4096 ? 13 : 1) {
                for value in [0x00, 0xFF, bytes[index] ^ 1] as [UInt8] {
                    var changed = bytes
                    changed[index] = value
                    exhaust(ByteRegion(changed))
                }
                exhaust(ByteRegion(Array(bytes.prefix(index))))
            }
        }
    }

    private func exhaust(_ region: ByteRegion) {
        guard var walker = try? HDF5Walker(region, budget: Budget()) else { return }
        while let object = try? walker.next() { _ = try? walker.values(of: object, limit: 1 << 16) }
    }
}
