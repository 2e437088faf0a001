import Testing

@testable import assay

@Suite struct PeerFlagTests {
    @Test func underscoresOfThePeersFlagsAreHyphens() {
        #expect(
            Assay.spelled(["verify", "my_model", "--public_key", "a_b.pub", "--trust_config=x_y", "--", "--a_b"])
                == ["verify", "my_model", "--public-key", "a_b.pub", "--trust-config=x_y", "--", "--a_b"])
        #expect(Assay.spelled(["scan", "--a_b"]) == ["scan", "--a_b"])
        #expect(Assay.spelled([]) == [])
    }
}
