import ConsiliumCore
import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The sealed form of a blob: a header, then chunks of at most 1 MiB, each sealed by AES-256-GCM.
///
/// Header (22 bytes): `CBLB`, format 1, flags (1 = deflated), salt (16). The key is derived from the case's key with the
/// salt and the address. A chunk's nonce is its number (8 bytes) and whether it is the last (4 bytes); the header is
/// bound to each. So a chunk that is altered, moved, left out or repeated does not open, and a blob that is cut at a
/// chunk's border is noticed, because its last chunk was not sealed as the last (the STREAM construction of
/// doi 10.1007/978-3-662-47989-6_24).
struct ChunkCipher {
    static let chunkSize = 1 << 20
    static let tagSize = 16
    static let headerSize = 22
    private static let magic = Array("CBLB".utf8) + [1]

    let header: [UInt8]
    var isDeflated: Bool { header[5] == 1 }
    private let key: SymmetricKey
    private var number: Int64 = 0

    init(sealing address: BlobAddress, key: DataKey, salt: [UInt8], deflated: Bool) {
        self.init(header: Self.magic + [deflated ? 1 : 0] + salt, address, key)
    }

    init(opening header: [UInt8], at address: BlobAddress, key: DataKey) throws(BlobError) {
        guard header.starts(with: Self.magic.prefix(4)) else {
            throw BlobError(.notABlob, "\(address) is not a sealed blob")
        }
        guard header.count == Self.headerSize else { throw BlobError(.truncated, "\(address) is cut in its header") }
        guard header[4] == Self.magic[4], header[5] <= 1 else {
            throw BlobError(.notABlob, "\(address) has a format that this program does not know")
        }
        self.init(header: header, address, key)
    }

    private init(header: [UInt8], _ address: BlobAddress, _ key: DataKey) {
        var purpose = Array("consilium blob".utf8)
        append(address.caseID, to: &purpose)
        purpose.append(contentsOf: address.part.utf8)
        self.header = header
        self.key = key.derived(purpose, salt: Array(header[6...])).key
    }

    mutating func seal(_ plain: ArraySlice<UInt8>, isLast: Bool, onto sealed: inout [UInt8]) throws(BlobError) {
        do {
            let box = try AES.GCM.seal(plain, using: key, nonce: Self.nonce(number, isLast), authenticating: header)
            number += 1
            sealed.append(contentsOf: box.ciphertext)
            sealed.append(contentsOf: box.tag)
        } catch {
            throw BlobError(.sealBroken, "cannot seal: \(error)")
        }
    }

    mutating func open(_ sealed: [UInt8], isLast: Bool) throws(BlobError) -> [UInt8] {
        if let plain = tryOpen(sealed, isLast: isLast) {
            number += 1
            return plain
        }
        if isLast, tryOpen(sealed, isLast: false) != nil {
            throw BlobError(.truncated, "the blob ends after chunk \(number), which was not its last")
        }
        throw BlobError(
            isLast && sealed.count < Self.tagSize ? .truncated : .sealBroken,
            "chunk \(number) does not open: altered, moved, cut, or under another key"
        )
    }

    private func tryOpen(_ sealed: [UInt8], isLast: Bool) -> [UInt8]? {
        guard sealed.count >= Self.tagSize else { return nil }
        let border = sealed.count - Self.tagSize
        do {
            let box = try AES.GCM.SealedBox(
                nonce: Self.nonce(number, isLast),
                ciphertext: sealed[..<border],
                tag: sealed[border...]
            )
            return try Array(AES.GCM.open(box, using: key, authenticating: header))
        } catch {
            return nil
        }
    }

    private static func nonce(_ number: Int64, _ isLast: Bool) throws -> AES.GCM.Nonce {
        var bytes: [UInt8] = []
        append(number, to: &bytes)
        bytes.append(contentsOf: [0, 0, 0, isLast ? 1 : 0])
        return try AES.GCM.Nonce(data: bytes)
    }
}
