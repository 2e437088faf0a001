import AssayCore
import Fixtures
import Testing

@testable import Provenance

/// PKCS #11 URIs (RFC 7512).
@Suite struct TokenLocationTests {
    private static let module = "?module-path=/usr/lib/m.so"

    @Test func attributesAreRead() throws {
        // As `p11tool --list-tokens` prints them.
        let one = try TokenLocation(
            "pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=1f;token=my%20token;id=%00%Ff;object=k%3b;"
                + "type=private" + Self.module + "&pin-value=12%2034")
        #expect(one.model == "SoftHSM v2")
        #expect(one.manufacturer == "SoftHSM project")
        #expect(one.serial == "1f")
        #expect(one.token == "my token")
        #expect(one.id == [0, 0xFF])
        #expect(one.object == "k;")
        #expect(one.module == "/usr/lib/m.so")
        #expect(one.pin == "12 34")
        // Names of schemes have no case (RFC 3986, 3.1).
        #expect(try TokenLocation("PKCS11:slot-id=7" + Self.module).slot == 7)
    }

    @Test(arguments: [
        "pkcs12:token=a", "token=a", "pkcs11:token", "pkcs11:token=a;token=b", "pkcs11:token=%+F", "pkcs11:token=%4",
        "pkcs11:token=%GG", "pkcs11:token=%00", "pkcs11:token=%FF", "pkcs11:slot-id=+1", "pkcs11:slot-id=",
        "pkcs11:slot-id=99999999999999999999", "pkcs11:type=public", "pkcs11:library-version=3", "pkcs11:x-mine=1",
    ])
    func othersAreRefused(uri: String) {
        #expect(throws: EvidenceError.self) { try TokenLocation(uri + Self.module) }
    }

    @Test(arguments: [
        "", "?module-path=m.so", "?module-path=/a&module-path=/b", "?module-path=/a&pin-value=1&pin-source=/b",
        "?module-path=/a&module-name=b",
    ])
    func queriesThatLeaveSomethingOpenAreRefused(query: String) {
        #expect(throws: EvidenceError.self) { try TokenLocation("pkcs11:token=a" + query) }
    }

    @Test func pinsStandInFiles() throws {
        let folder = try Fixture(["pin": "1234\nmore\n", "empty": ""])
        for source in ["file:\(folder.path)/pin", "file://\(folder.path)/pin", "\(folder.path)/pin"] {
            var one = try TokenLocation("pkcs11:token=a" + Self.module + "&pin-source=" + source)
            try one.readPIN()
            #expect(one.pin == "1234")
        }
        for source in [
            "file:\(folder.path)/empty", "file:\(folder.path)/gone", "|cat /etc/passwd", "pin", "file://host/pin",
        ] {
            var one = try TokenLocation("pkcs11:token=a" + Self.module + "&pin-source=" + source)
            #expect(throws: EvidenceError.self) { try one.readPIN() }
        }
    }
}
