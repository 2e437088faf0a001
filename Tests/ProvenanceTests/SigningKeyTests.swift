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
}
