import ConsiliumCore
import Foundation
import Testing

@testable import ConsiliumLedger

@Suite("Blobs")
struct BlobsTests {
    static let chunk = ChunkCipher.chunkSize
    let folder: TemporaryFolder
    let store: BlobStore
    let key: DataKey
    let address: BlobAddress
    var entropy = SeededEntropy(seed: 31)

    init() throws {
        folder = try TemporaryFolder()
        store = BlobStore(directory: folder("blobs"))
        key = DataKey(entropy: &entropy)
        address = try BlobAddress(case: CaseID(high: 3, low: 4), part: "ct-1")
    }

    var path: String { folder("blobs/\(address.caseID)/ct-1") }

    /// Bytes that do not compress, so that chunks fall where the test wants them.
    func noise(_ count: Int) -> [UInt8] {
        var noise = SeededEntropy(seed: 99)
        return noise.bytes(count)
    }

    @Test(
        "A blob comes back as it was, whatever its length",
        arguments: [0, 1, 4_095, 4_096, 70_000, 1 << 20, 3_300_000]
    )
    mutating func roundTrip(_ count: Int) throws {
        let plain = noise(count)
        let summary = try store.put(plain, at: address, key: key, entropy: &entropy)
        let sealed = try DurableFile.read(path)
        #expect(summary.size == count && summary.sealedSize == sealed.count)
        #expect(summary.sealedDigest == sha256(sealed) && summary.digest == sha256(plain))
        #expect(try store.get(address, key: key, limit: count) == plain)
        let (row, rowSummary) = try SealedBlob.seal(plain, at: address, key: key, entropy: &entropy)
        #expect(rowSummary.sealedDigest == sha256(row) && rowSummary.size == count)
        #expect(try SealedBlob.open(row, at: address, key: key, limit: count) == plain)
    }

    @Test("Pieces of any size give the same content")
    mutating func pieces() throws {
        let plain = noise(2_500_000)
        let writer = try store.writer(address, key: key, entropy: &entropy)
        var start = 0
        for size in [1, 0, 999_999, 1_400_000, 100_000] {
            try writer.write(Array(plain[start..<(start + size)]))
            start += size
        }
        #expect(try writer.finish().size == plain.count)
        let reader = try store.reader(address, key: key, limit: plain.count)
        var all: [UInt8] = []
        while let piece = try reader.next() {
            #expect(!piece.isEmpty && piece.count <= Self.chunk)
            all += piece
        }
        #expect(all == plain)
        #expect(try reader.next() == nil)
    }

    @Test("What compresses is stored smaller, and nothing of it shows in the file")
    mutating func compression() throws {
        let sentence = Array("患者胸痛两小时，心电图提示下壁心肌梗死。".utf8)
        let plain = Array(repeatElement(sentence, count: 5_000).joined())
        let summary = try store.put(plain, at: address, key: key, entropy: &entropy)
        #expect(summary.sealedSize < plain.count / 10)
        #expect(!contains(try DurableFile.read(path), Array(sentence.prefix(12))))
        #expect(try store.get(address, key: key, limit: plain.count) == plain)
    }

    @Test("Whether it compresses is decided by the first 64 KiB, and either way the content comes back")
    mutating func mixed() throws {
        let zeros = [UInt8](repeating: 0, count: 1_500_000)
        let noise = noise(1_500_000)
        let first = try store.put(zeros + noise, at: address, key: key, entropy: &entropy)
        #expect(try store.get(address, key: key, limit: .max) == zeros + noise)
        try store.remove(address)
        let second = try store.put(noise + zeros, at: address, key: key, entropy: &entropy)
        #expect(try store.get(address, key: key, limit: .max) == noise + zeros)
        #expect(first.sealedSize < 1_600_000 && second.sealedSize > 3_000_000)
    }

    @Test("A small file that unfolds into a flood is stopped at the reader's limit")
    mutating func bomb() throws {
        let writer = try store.writer(address, key: key, entropy: &entropy)
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        for _ in 0..<64 { try writer.write(zeros) }
        #expect(try writer.finish().sealedSize < 1 << 20)
        let reader = try store.reader(address, key: key, limit: 2_500_000)
        var given = 0
        #expect(throws: BlobError(.tooLarge, "")) {
            while let piece = try reader.next() { given += piece.count }
        }
        #expect(given <= 2_500_000)
    }

    @Test("Swapped, repeated, left-out and altered chunks do not open")
    mutating func tampering() throws {
        try store.put(noise(Self.chunk * 3 + 5), at: address, key: key, entropy: &entropy)
        let sealed = try DurableFile.read(path)
        let size = Self.chunk + ChunkCipher.tagSize
        func chunks(_ order: [Int]) -> [UInt8] {
            order.reduce(into: Array(sealed.prefix(ChunkCipher.headerSize))) { bytes, index in
                let start = ChunkCipher.headerSize + index * size
                bytes += sealed[start..<min(start + size, sealed.count)]
            }
        }
        var salted = sealed
        salted[10] ^= 1
        var flagged = sealed
        flagged[5] ^= 1
        var flipped = sealed
        flipped[2_000_000] ^= 1
        let orders = [[1, 0, 2, 3], [0, 0, 2, 3], [0, 2, 3], [1, 2, 3], [0, 1, 2, 3, 3]].map(chunks)
        for altered in orders + [sealed + [0], salted, flagged, flipped] {
            try DurableFile.replace(path, contents: altered)
            #expect(throws: BlobError(.sealBroken, "")) { _ = try store.get(address, key: key, limit: .max) }
        }
    }

    @Test("A blob cut anywhere is refused, at a chunk's border as truncated")
    mutating func truncation() throws {
        try store.put(noise(Self.chunk * 2 + 5), at: address, key: key, entropy: &entropy)
        let sealed = try DurableFile.read(path)
        let size = Self.chunk + ChunkCipher.tagSize
        for count in [0, 3, 10, 22, 30, 22 + size, 22 + size * 2, 22 + size * 2 + 7] {
            try DurableFile.replace(path, contents: Array(sealed.prefix(count)))
            let error = #expect(throws: BlobError.self) { _ = try store.get(address, key: key, limit: .max) }
            #expect([.truncated, .notABlob].contains(error?.code), "\(count): \(String(describing: error))")
        }
        try DurableFile.replace(path, contents: Array(sealed.prefix(sealed.count - 1)))
        #expect(throws: BlobError.self) { _ = try store.get(address, key: key, limit: .max) }
    }

    @Test("Under another name, case or key it does not open")
    mutating func elsewhere() throws {
        let (sealed, _) = try SealedBlob.seal(noise(100), at: address, key: key, entropy: &entropy)
        let other = DataKey(entropy: &entropy)
        let places = [
            try BlobAddress(case: address.caseID, part: "ct-2"),
            try BlobAddress(case: CaseID(high: 3, low: 5), part: "ct-1"),
        ]
        for place in places {
            #expect(throws: BlobError(.sealBroken, "")) {
                try SealedBlob.open(sealed, at: place, key: key, limit: 1_000)
            }
        }
        #expect(throws: BlobError(.sealBroken, "")) {
            try SealedBlob.open(sealed, at: address, key: other, limit: 1_000)
        }
    }

    @Test(
        "Bytes that are no blob are said to be none",
        arguments: [[], [1], Array("CBLA".utf8), Array("CBLB\u{2}".utf8)]
    )
    func notABlob(_ start: [UInt8]) {
        let bytes = start + [UInt8](repeating: 0, count: start.count < 4 ? 0 : 60)
        #expect(throws: BlobError(.notABlob, "")) {
            try SealedBlob.open(bytes, at: address, key: key, limit: 1_000)
        }
    }

    @Test("The same content twice gives different bytes")
    mutating func salted() throws {
        let one = try SealedBlob.seal([1, 2, 3], at: address, key: key, entropy: &entropy).bytes
        let two = try SealedBlob.seal([1, 2, 3], at: address, key: key, entropy: &entropy).bytes
        #expect(one != two)
    }
}
