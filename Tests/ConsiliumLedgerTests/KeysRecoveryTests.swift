import Testing

@testable import ConsiliumLedger

@Suite("Recovery shares")
struct KeysRecoveryTests {
    let key: MasterKey
    let shares: [String]

    init() {
        var entropy = SeededEntropy(seed: 21)
        key = MasterKey(version: 3, entropy: &entropy)
        shares = RecoveryShares.split(key, entropy: &entropy)
    }

    @Test("Any two of the three give the key back, in any order, and so do all three")
    func combine() throws {
        for pair in [[0, 1], [1, 0], [0, 2], [2, 1], [0, 1, 2]] {
            #expect(try RecoveryShares.combine(pair.map { shares[$0] }) == key)
        }
    }

    @Test("A share is 18 groups of four, and forgives case, spaces and look-alikes")
    func typing() throws {
        #expect(shares.allSatisfy { $0.split(separator: "-").map(\.count) == Array(repeating: 4, count: 18) })
        let typed = shares[0].lowercased().replacing("-", with: " ").replacing("0", with: "o").replacing("1", with: "l")
        #expect(try RecoveryShares.combine([typed, shares[2] + "\n"]) == key)
    }

    @Test("One share, or the same twice, is too few")
    func tooFew() {
        for few in [[], [shares[0]], [shares[1], shares[1]]] {
            #expect(throws: KeyError(.tooFewShares, "")) { try RecoveryShares.combine(few) }
        }
    }

    @Test("Every single mistyped character is noticed, and which share it is in")
    func mistyped() {
        for index in shares[1].indices where shares[1][index] != "-" {
            var typed = shares[1]
            typed.replaceSubrange(index...index, with: typed[index] == "7" ? "8" : "7")
            #expect(throws: KeyError(.badShare(2), "")) { try RecoveryShares.combine([shares[0], typed]) }
        }
    }

    @Test("Text that is no share at all is refused", arguments: ["", "hello", "U", "0000-0000", "ÄÖ"])
    func noShare(_ text: String) {
        #expect(throws: KeyError(.badShare(1), "")) { try RecoveryShares.combine([text, shares[0]]) }
    }

    @Test("Shares of another key, or of another printing of this one, do not mix")
    func mixed() {
        var entropy = SeededEntropy(seed: 22)
        let reprinted = RecoveryShares.split(key, entropy: &entropy)
        let foreign = RecoveryShares.split(MasterKey(version: 3, entropy: &entropy), entropy: &entropy)
        #expect(throws: KeyError(.mixedShares, "")) { try RecoveryShares.combine([shares[0], reprinted[1]]) }
        #expect(throws: KeyError(.mixedShares, "")) { try RecoveryShares.combine([shares[0], foreign[1]]) }
        #expect(throws: KeyError(.mixedShares, "")) { try RecoveryShares.combine(shares + [foreign[2]]) }
    }

    @Test("A single share holds nothing of the key: each of its points could be any byte")
    func secrecy() {
        var seen = Set<UInt8>()
        for seed in 0..<4_000 {
            var entropy = SeededEntropy(seed: UInt64(seed))
            let share = RecoveryShares.split(key, entropy: &entropy)[0]
            if let bytes = Base32.bytes(share) { seen.insert(bytes[10]) }
        }
        #expect(seen.count == 256)
    }

    @Test("The field multiplies as AES does, and every value but 0 has an inverse")
    func field() {
        #expect(Field256.multiply(0x57, 0x83) == 0xC1)
        #expect(Field256.multiply(0x57, 0x13) == 0xFE)
        for value in 1...255 {
            #expect(Field256.multiply(UInt8(value), Field256.inverse(UInt8(value))) == 1)
        }
        #expect(Field256.inverse(0) == 0)
    }
}
