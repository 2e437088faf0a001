import Mutations
import SecretDetection
import Testing

@Suite struct WordingTests {
    private func surprise(_ text: String) -> Double { Wording.surprise(Array(text.utf8)[...]) }

    @Test(arguments: [
        "password", "AzureOpenAIEmbeddings", "text-embedding-3-large", "correcthorsebatterystaple",
        "my_application_name",
        "SlackAppConfigurationAccessTokenHere", "administrator_login_password", "Summer2024!",
        "reserved_special_token_250",
    ])
    func wordsAreExplained(_ text: String) { #expect(surprise(text) < 0, "\(text): \(surprise(text))") }

    @Test(arguments: ["zsqm4c3b", "h0pk1ns21s", "x8fdkw5yyz4h3g", "loadgmnSzbzMnhMSzUKgWvKkCQJVvT", "gHTYbn34lkPq"])
    func chanceIsNot(_ text: String) { #expect(surprise(text) > 12, "\(text): \(surprise(text))") }

    /// Of values drawn from letters and digits few are taken for words, and the longer they are the fewer.
    @Test(arguments: [(12, 5.0, 0.98), (20, 8, 0.995), (32, 16, 0.999)])
    func valuesDrawnAtRandomAreTold(_ length: Int, _ least: Double, _ share: Double) {
        var chance = SplitMix64(state: 3)
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
        let told = (0..<4000).count { _ in
            let value = (0..<length).map { _ in letters.randomElement(using: &chance) ?? 0 }
            return Wording.surprise(value[...]) >= least
        }
        #expect(Double(told) >= share * 4000, "\(told) of 4000")
    }

    @Test func bytesOutsideOfTheAlphabetAreMarks() {
        #expect(surprise("") == 0 && surprise("1234567890") == 0 && surprise("\u{00E9}\u{FFFF}") == 0)
        for byte in UInt8.min...UInt8.max { #expect(Wording.surprise([byte, 0x61, byte][...]).isFinite) }
    }
}
