import ConsiliumCore
import Crypto
import Foundation
import Testing

@testable import ConsiliumLedger

@Suite("Keys and seals")
struct KeysTests {
    var entropy = SeededEntropy(seed: 7)
    let id = CaseID(high: 1, low: 2)

    @Test("A key wrapped for one case opens for that case and for no other")
    mutating func wrapping() throws {
        let masters = try MasterKeys([MasterKey(version: 1, entropy: &entropy)])
        let key = DataKey(entropy: &entropy)
        let wrapped = try masters.wrap(key, for: id, entropy: &entropy)
        #expect(wrapped.bytes.count == 61)
        #expect(try masters.unwrap(wrapped, for: id) == key)
        #expect(throws: KeyError(.sealBroken, "")) { try masters.unwrap(wrapped, for: CaseID(high: 1, low: 3)) }
    }

    @Test("A rotation wraps anew, keeps the old readable, and needs the old key for it")
    mutating func rotation() throws {
        let old = MasterKey(version: 1, entropy: &entropy)
        let new = MasterKey(version: 2, entropy: &entropy)
        let key = DataKey(entropy: &entropy)
        let wrapped = try old.wrap(key, for: id, entropy: &entropy)
        let both = try MasterKeys([new, old])
        #expect(both.current.version == 2)
        let again = try both.rewrap(wrapped, for: id, entropy: &entropy)
        #expect(again.masterVersion == 2)
        #expect(try both.rewrap(again, for: id, entropy: &entropy) == again)
        #expect(try MasterKeys([new]).unwrap(again, for: id) == key)
        #expect(throws: KeyError(.unknownVersion(1), "")) { try MasterKeys([new]).unwrap(wrapped, for: id) }
        #expect(throws: KeyError(.sealBroken, "")) {
            try both.unwrap(WrappedKey(masterVersion: 2, bytes: wrapped.bytes), for: id)
        }
    }

    @Test("No key, or one version twice, is refused")
    mutating func sets() {
        let one = MasterKey(version: 1, entropy: &entropy)
        let other = MasterKey(version: 1, entropy: &entropy)
        #expect(throws: KeyError(.missing, "")) { try MasterKeys([]) }
        #expect(throws: KeyError(.duplicateVersion(1), "")) { try MasterKeys([one, other]) }
    }

    @Test("Sealed bytes open where they were sealed and nowhere else")
    mutating func seals() throws {
        let key = DataKey(entropy: &entropy)
        let here = SealContext(stream: id, version: 3, part: "clinical")
        let plain = Array("胸痛两小时".utf8)
        let sealed = try Sealer.seal(plain, key: key, context: here, entropy: &entropy)
        #expect(sealed.count == plain.count + Sealer.overhead)
        #expect(!contains(sealed, plain))
        #expect(try Sealer.open(sealed, key: key, context: here) == plain)
        let broken = KeyError(.sealBroken, "")
        for elsewhere in [
            SealContext(stream: CaseID(high: 9, low: 2), version: 3, part: "clinical"),
            SealContext(stream: id, version: 4, part: "clinical"),
            SealContext(stream: id, version: 3, part: "identity"),
        ] {
            #expect(throws: broken) { try Sealer.open(sealed, key: key, context: elsewhere) }
        }
        let other = DataKey(entropy: &entropy)
        #expect(throws: broken) { try Sealer.open(sealed, key: other, context: here) }
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 1
            #expect(throws: broken) { try Sealer.open(altered, key: key, context: here) }
        }
        for count in 0..<sealed.count {
            #expect(throws: broken) { try Sealer.open(Array(sealed.prefix(count)), key: key, context: here) }
        }
    }

    @Test("The same nonce gives the same bytes, and a nonce of another length is refused")
    mutating func nonces() throws {
        let key = DataKey(entropy: &entropy)
        let context = SealContext(stream: id, version: 1, part: "a")
        let nonce = entropy.bytes(12)
        let one = try Sealer.seal([], key: key, nonce: nonce, context: context)
        #expect(try Sealer.seal([], key: key, nonce: nonce, context: context) == one)
        #expect(try Sealer.open(one, key: key, context: context) == [])
        #expect(throws: KeyError(.badNonce, "")) {
            try Sealer.seal([], key: key, nonce: [1, 2], context: context)
        }
    }

    @Test("A digest is HMAC-SHA256, as RFC 4231 case 2 has it")
    func knownAnswer() {
        let digest = KeyedDigest(DataKey(bytes: Array("Jefe".utf8))).digest("what do ya want for nothing?")
        #expect(hexadecimal(digest) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test("A digest is what the library's own HMAC gives, at every length around a block")
    mutating func sameAsLibrary() {
        let key = entropy.bytes(32)
        let digest = KeyedDigest(DataKey(bytes: key))
        for count in [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1_000] {
            let bytes = entropy.bytes(count)
            let expected = HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key))
            #expect(digest.digest(bytes) == Array(expected))
        }
    }

    @Test("Digests of parts keep their borders, and bytes and text agree")
    mutating func parts() {
        let digest = KeyedDigest(DataKey(entropy: &entropy))
        #expect(digest.digest(parts: ["ab", "c"]) != digest.digest(parts: ["a", "bc"]))
        #expect(digest.digest(parts: []) != digest.digest(parts: [""]))
        #expect(digest.digest("病人") == digest.digest(Array("病人".utf8)))
        #expect(digest.digest("a") == digest.digest("a"))
    }

    @Test("A network's keys come back from their wrapped form, each for its purpose")
    mutating func ring() throws {
        let masters = try MasterKeys([MasterKey(version: 1, entropy: &entropy)])
        let (ring, wrapped) = try KeyRing.create(network: "north", masters: masters, entropy: &entropy)
        let again = try KeyRing(wrapped, network: "north", masters: masters)
        let digests = [
            ring.messageKeys, ring.requestKeys, ring.elements, ring.contents, ring.tokens, ring.blindIndex(site: "A"),
            ring.blindIndex(site: "B"),
        ]
        .map { $0.digest("x") }
        #expect(Set(digests).count == digests.count)
        #expect(again.messageKeys.digest("x") == digests[0])
        #expect(again.blindIndex(site: "A").digest("x") == digests[5])
        let month = ring.quarantineKey(site: "A", year: 2026, month: 1)
        #expect(again.quarantineKey(site: "A", year: 2026, month: 1) == month)
        #expect(ring.quarantineKey(site: "A", year: 2026, month: 2) != month)
        #expect(ring.quarantineKey(site: "A2", year: 26, month: 1) != month)
        #expect(ring.dataKey(purpose: "a") != ring.dataKey(purpose: "b"))
    }

    @Test("Another network's master key, or another network's name, does not open the network key")
    mutating func wrongMaster() throws {
        let masters = try MasterKeys([MasterKey(version: 1, entropy: &entropy)])
        let others = try MasterKeys([MasterKey(version: 1, entropy: &entropy)])
        let (_, wrapped) = try KeyRing.create(network: "north", masters: masters, entropy: &entropy)
        #expect(throws: KeyError(.wrongKey, "")) { try KeyRing(wrapped, network: "north", masters: others) }
        #expect(throws: KeyError(.wrongKey, "")) { try KeyRing(wrapped, network: "south", masters: masters) }
    }

    @Test("The network key in the database is found, and a wrong master key recognised at start")
    mutating func table() throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder("ledger.db"))
        try store.migrate([NetworkKeyTable.schema])
        let old = MasterKey(version: 1, entropy: &entropy)
        let masters = try MasterKeys([old])
        let others = try MasterKeys([MasterKey(version: 1, entropy: &entropy)])
        #expect(try store.read { try NetworkKeyTable.open(network: "n", masters: masters, in: $0) } == nil)
        let (ring, wrapped) = try KeyRing.create(network: "n", masters: masters, entropy: &entropy)
        try store.write { try NetworkKeyTable.store(wrapped, masters: masters, in: $0) }
        let found = try store.read { try NetworkKeyTable.open(network: "n", masters: masters, in: $0) }
        #expect(found?.tokens.digest("x") == ring.tokens.digest("x"))
        #expect(throws: KeyError(.wrongKey, "")) {
            try store.read { try NetworkKeyTable.open(network: "n", masters: others, in: $0) }
        }
        let rotated = try MasterKeys([old, MasterKey(version: 2, entropy: &entropy)])
        let anew = try ring.wrapped(network: "n", masters: rotated, entropy: &entropy)
        try store.write { try NetworkKeyTable.store(anew, masters: rotated, in: $0) }
        let after = try store.read { try NetworkKeyTable.open(network: "n", masters: rotated, in: $0) }
        #expect(after?.tokens.digest("x") == ring.tokens.digest("x"))
        try assertPrepares(NetworkKeyTable.statements, schema: NetworkKeyTable.schema)
    }

    @Test("A seed gives the same bytes again, another seed others, and the system none twice")
    mutating func entropySources() {
        var same = SeededEntropy(seed: 7)
        var other = SeededEntropy(seed: 8)
        let bytes = entropy.bytes(100)
        #expect(same.bytes(100) == bytes)
        #expect(other.bytes(100) != bytes)
        var system = SystemEntropy()
        #expect(Set((0..<100).map { _ in system.bytes(16) }).count == 100)
        #expect(system.bytes(1_000).count == 1_000)
        let at = Instant(milliseconds: 1_700_000_000_000)
        #expect(system.identifier(at: at).time == at)
        #expect(system.identifier(at: at) != system.identifier(at: at))
    }
}
