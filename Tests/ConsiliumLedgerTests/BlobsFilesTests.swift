import ConsiliumCore
import Foundation
import Testing

@testable import ConsiliumLedger

@Suite("Blob files")
struct BlobsFilesTests {
    let folder: TemporaryFolder
    let store: BlobStore
    let key: DataKey
    let id = CaseID(high: 3, low: 4)
    var entropy = SeededEntropy(seed: 41)

    init() throws {
        folder = try TemporaryFolder()
        store = BlobStore(directory: folder("blobs"))
        key = DataKey(entropy: &entropy)
    }

    func address(_ part: String) throws -> BlobAddress { try BlobAddress(case: id, part: part) }

    var names: [String] { (try? DurableFile.names(in: folder("blobs/\(id)"))) ?? [] }

    @Test("An address is written once")
    mutating func once() throws {
        let address = try address("a")
        try store.put([1], at: address, key: key, entropy: &entropy)
        #expect(throws: BlobError(.exists, "")) { try store.put([2], at: address, key: key, entropy: &entropy) }
        #expect(try store.get(address, key: key, limit: 9) == [1])
        #expect(names == ["a"])
    }

    @Test("A writer that is given up or let go leaves nothing, and can write no more")
    mutating func abandoned() throws {
        let address = try address("a")
        let writer = try store.writer(address, key: key, entropy: &entropy)
        try writer.write([1, 2, 3])
        #expect(names.count == 1 && !store.exists(address))
        writer.abandon()
        #expect(throws: BlobError(.io, "")) { try writer.write([4]) }
        #expect(throws: BlobError(.io, "")) { try writer.finish() }
        _ = try store.writer(address, key: key, entropy: &entropy)
        #expect(names.isEmpty)
    }

    @Test("A missing blob is said to be missing")
    func missing() throws {
        let address = try address("a")
        #expect(throws: BlobError(.missing, "")) { try store.get(address, key: key, limit: 9) }
        try store.remove(address)
    }

    @Test(
        "A name that could leave its folder, or hide, is refused",
        arguments: [
            "", ".", "..", "../a", "a/b", ".a", "-a", "_a", "a b", "报告", "a\0", String(repeating: "a", count: 65),
        ]
    )
    func badNames(_ name: String) {
        #expect(throws: BlobError(.badName, "")) { try address(name) }
    }

    @Test("Erasing a case removes its blobs and no other's, and may be repeated")
    mutating func erase() throws {
        let other = try BlobAddress(case: CaseID(high: 9, low: 9), part: "a")
        for part in ["a", "b"] { try store.put([1], at: address(part), key: key, entropy: &entropy) }
        try store.put([7], at: other, key: key, entropy: &entropy)
        for _ in 0..<2 { try store.erase(case: id) }
        #expect(!DurableFile.isFolder(folder("blobs/\(id)")))
        #expect(try store.get(other, key: key, limit: 9) == [7])
        try store.remove(other)
        #expect(!store.exists(other))
    }

    @Test("A sweep removes what no command names and what a crash left half written")
    mutating func sweep() throws {
        for part in ["known", "orphan"] { try store.put([1], at: address(part), key: key, entropy: &entropy) }
        let other = try BlobAddress(case: CaseID(high: 9, low: 9), part: "orphan")
        try store.put([1], at: other, key: key, entropy: &entropy)
        try DurableFile.create(folder("blobs/\(id)/.ct.0011"), contents: [1])
        try DurableFile.create(folder("blobs/remark"), contents: [1])
        let sweep = try store.sweep { $0.part == "known" }
        #expect(sweep == BlobSweep(kept: 1, removed: 3))
        #expect(names == ["known"])
        #expect(!DurableFile.isFolder(folder("blobs/\(other.caseID)")))
        #expect(try BlobStore(directory: folder("absent")).sweep { _ in false } == BlobSweep(kept: 0, removed: 0))
    }

    @Test("A folder that cannot be made is an error")
    mutating func unwritable() throws {
        try DurableFile.create(folder("blobs"), contents: [])
        let address = try address("a")
        #expect(throws: BlobError(.io, "")) { try store.put([1], at: address, key: key, entropy: &entropy) }
    }
}
