import AssayCore
import Testing

@testable import Provenance

@Suite struct SigningKeyTests {
    /// Keys of other curves, whose numbers would do for P-256 too: made with `openssl ecparam -genkey`.
    @Test(arguments: [
        // secp256k1, PKCS 8.
        """
        -----BEGIN PRIVATE KEY-----
        MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgbmIh9oT4l9Ccyl2fW2NW
        xGkqlWMBg+sZ9L4wzXAwF2yhRANCAAR9F3zj9qAPZ6cewMMPMKSf6kbnFOfVHMqm
        H1iG7tE7FvkTCmwTgWS3hU/Ke22ur+OAFlPbG9RRm5P5Xm42nxBc
        -----END PRIVATE KEY-----
        """,
        // The same, SEC 1.
        """
        -----BEGIN EC PRIVATE KEY-----
        MHQCAQEEIG5iIfaE+JfQnMpdn1tjVsRpKpVjAYPrGfS+MM1wMBdsoAcGBSuBBAAK
        oUQDQgAEfRd84/agD2enHsDDDzCkn+pG5xTn1RzKph9Yhu7ROxb5EwpsE4Fkt4VP
        ynttrq/jgBZT2xvUUZuT+V5uNp8QXA==
        -----END EC PRIVATE KEY-----
        """,
        // brainpoolP256r1, PKCS 8.
        """
        -----BEGIN PRIVATE KEY-----
        MIGIAgEAMBQGByqGSM49AgEGCSskAwMCCAEBBwRtMGsCAQEEIGThkmSKhKr/wf6g
        dkv8oe+c8wmXJN+EjwYGcSxgmnmUoUQDQgAEp0bUqmRUFeCyp5qK4YeciMRoGyOn
        RW0Utbp29cL+OBWUNM2xj/es87G5lGNHCuYktbJcr5rhI1dwX2hsdsUIKg==
        -----END PRIVATE KEY-----
        """,
    ])
    func keysOfOtherCurvesAreRefused(pem: String) {
        #expect(
            throws: EvidenceError("unsupported key: only elliptic-curve keys on P-256, P-384 and P-521 sign models")
        ) {
            try SigningKey(pem: Array(pem.utf8), password: nil)
        }
    }

    @Test(arguments: EllipticCurve.allCases)
    func keysOfTheseCurvesAreRead(curve: EllipticCurve) throws {
        let key = SigningKey(generating: curve)
        #expect(try SigningKey(pem: Array(key.pem.utf8), password: nil).publicKey.hint == key.publicKey.hint)
    }

    /// A private number may begin as a structure of DER does; of SEC 1 it is no structure.
    @Test(arguments: [
        """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIDABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4foAoGCCqGSM49
        AwEHoUQDQgAEs8rCeG6JiBQh8L36frNH4WyROZUXdYjhtyu1Z6Jdzy4V4l20CFet
        GbaEti8Rb6hrQxx2ld78E3Q1z8ViRaCaMQ==
        -----END EC PRIVATE KEY-----
        """,
        """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMAECAwQFBgcICQoL
        DA0ODxAREhMUFRYXGBkaGxwdHh+hRANCAASzysJ4bomIFCHwvfp+s0fhbJE5lRd1
        iOG3K7Vnol3PLhXiXbQIV60ZtoS2LxFvqGtDHHaV3vwTdDXPxWJFoJox
        -----END PRIVATE KEY-----
        """,
    ])
    func numbersThatBeginLikeStructures(pem: String) throws {
        #expect(try SigningKey(pem: Array(pem.utf8), password: nil).publicKey.curve == .p256)
    }

    /// Made with `openssl ec -aes128`, `-aes192` and `-aes256`; the password is "hunter2".
    @Test(arguments: [
        """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,0074DEC0A5D265577C19EE5BB27B9D11

        Aow2LQx+UU3ME09vkxQTw8/wsG4EBMRHPzoKrV5KlgPwDMjV4TJkJoyOGWQt+5tr
        uaqsyq1zu8x0JGXoTAKiEydAkoi2UwtDG+M7opeaXWVUV1K7uGCWGGuFtd5jO9Ls
        /ZF/qUqiZEeCBGWWrWSoMEG+Uy9PKhyR2j45CnY8PHM=
        -----END EC PRIVATE KEY-----
        """,
        """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-192-CBC,8042F29E55016BDCEFD7A972060E1B69

        7Vnr1gsiG1Wec2HkXAxQByH2KmeojWAg8+NdA4U7xmvItw6fhNcj8ktxlo6hbvni
        kIyr9uTrg6DvMTjVZw2dzw7ujlJ5jI0oiW9VEqXW4xtMZHsFrBD/k30Iw1Fe6ZTE
        BajYGZCkWcoHbOaeKX56qH6nLb+GRR+v+/YgcHNKI14=
        -----END EC PRIVATE KEY-----
        """,
        """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-256-CBC,005B3FA0DA19BB4F289A6EC09F176A5C

        OLjwIl8vRQ7YHJgireLoDPwdvc+XtjBpuHz86GIV9wpltJwMxbWmLx4JLoAPEy7D
        tjRpsTm7OZL/SvGntuQaQnde2BTOozQoPFBhnaNDrSQTuEaOiiN0Luw8SSV3NTsu
        VY1pmzfguk7c1hGgQRgYIJaSbyly50tQWOtbdET4CqQ=
        -----END EC PRIVATE KEY-----
        """,
    ])
    func keysInTheOldEncryptedFormAreRead(pem: String) throws {
        let key = try SigningKey(pem: Array(pem.utf8), password: Array("hunter2".utf8))
        #expect(key.publicKey.hint == "2a38f00c78d8ea8ea1813bf1ac2c2b3483777a59709ab075a8c91849358d7913")
        let crlf = pem.replacing("\n", with: "\r\n")
        #expect(
            try SigningKey(pem: Array(crlf.utf8), password: Array("hunter2".utf8)).publicKey.hint == key.publicKey.hint)
        // Each wrong password is called wrong, also where what it opens ends as a key would.
        for number in 0..<600 {
            #expect(throws: EncryptedPrivateKey.wrongPassword) {
                try SigningKey(pem: Array(pem.utf8), password: Array("wrong\(number)".utf8))
            }
        }
        #expect(throws: EvidenceError.self) { try SigningKey(pem: Array(pem.utf8), password: nil) }
    }

    @Test func otherCiphersOfTheOldFormAreNamed() {
        let pem = """
            -----BEGIN EC PRIVATE KEY-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: DES-EDE3-CBC,972C65B5AA166C05

            VrA68oY6klAStIzQUUFfTGyQqxnjhDR9ca/zxju4My22sN3VC8hNoz4Z1YLz27/9
            79tadiGDNezRf9oBUJ9jAZpEDr0u5eDdWrDM70n/XkMIo/SlZh6NmJgZpNEtGs9r
            tEIT01VvFjyvNo0iDyv/6QUJf8VngEoLro/Ez8brSO0=
            -----END EC PRIVATE KEY-----
            """
        let reason =
            "the private key is encrypted with a cipher other than AES-CBC: \(EncryptedPrivateKey.conversion)"
        #expect(throws: EvidenceError(reason)) {
            try SigningKey(pem: Array(pem.utf8), password: Array("hunter2".utf8))
        }
    }
}
