import Crypto
import Testing

@testable import ConsiliumLedger

@Suite("Derivations that were made fast say what the slow ones say")
struct DerivationTests {
    @Test(
        "A derived key is the HKDF-SHA256 of RFC 5869",
        arguments: [[], [7], [UInt8](repeating: 3, count: 16), [UInt8](repeating: 9, count: 64)]
    )
    func derivedKey(salt: [UInt8]) {
        let bytes = (0..<32).map { UInt8($0) }
        let purpose = Array("purpose".utf8)
        let expected = HKDF<SHA256>
            .deriveKey(
                inputKeyMaterial: SymmetricKey(data: bytes),
                salt: salt,
                info: purpose,
                outputByteCount: 32
            )
        #expect(DataKey(bytes: bytes).derived(purpose, salt: salt) == DataKey(expected))
    }

    @Test(
        "A text is normalised as Unicode's tables say",
        arguments: [
            "", "  \t\r\n", "ECG V1-V4 ST 压低 0.1mV", "不稳定型心绞痛，Ⅱ级（ＡＢＣ）　NYHA", "Straße ÉCOLE İstanbul",
            "ΟΔΟΣ", "I\u{307}", "a\u{1F}b\u{85}c\u{A0}d", "2026-11-20T09:30:00+08:00", "家属\u{3000}在场。", "𠮷野家 𐐀",
        ]
    )
    func normalised(text: String) {
        let slow = Intake.normalisedSlowly(text)
        #expect(Intake.normalised(text) == slow)
    }

    @Test("Every character of the basic plane is normalised as Unicode's tables say")
    func everyCharacter() {
        for value in UInt32(0)...0xFFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "A\(scalar)文"
            #expect(Intake.normalised(text) == Intake.normalisedSlowly(text))
        }
    }
}
