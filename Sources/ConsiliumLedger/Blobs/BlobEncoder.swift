import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What was written: sizes in bytes, and the digests that facts and signatures need.
package struct BlobSummary: Sendable, Equatable {
    package var size: Int
    package var sealedSize: Int
    /// SHA-256 of the plain bytes. It can be guessed from the content: keep it in sealed payloads only.
    package var digest: [UInt8]
    /// SHA-256 of the sealed bytes; tells nothing of the content.
    package var sealedDigest: [UInt8]
}

/// Turns plain bytes, piece by piece, into the sealed form of `ChunkCipher`.
struct BlobEncoder {
    private var cipher: ChunkCipher
    private let deflater: Deflater?
    private var pending: [UInt8] = []
    private var plainDigest = SHA256()
    private var sealedDigest = SHA256()
    private var size = 0
    private var sealedSize = 0

    init(_ address: BlobAddress, key: DataKey, salt: [UInt8], deflates: Bool) {
        cipher = ChunkCipher(sealing: address, key: key, salt: salt, deflated: deflates)
        deflater = deflates ? Deflater() : nil
    }

    /// The sealed bytes that are ready.
    mutating func add(_ bytes: [UInt8]) throws(BlobError) -> [UInt8] {
        plainDigest.update(data: bytes)
        size += bytes.count
        if let deflater {
            try deflater.add(bytes, isLast: false, onto: &pending)
        } else {
            pending.append(contentsOf: bytes)
        }
        return try sealPending(isLast: false)
    }

    mutating func finish() throws(BlobError) -> (bytes: [UInt8], summary: BlobSummary) {
        if let deflater { try deflater.add([], isLast: true, onto: &pending) }
        let bytes = try sealPending(isLast: true)
        let summary = BlobSummary(
            size: size,
            sealedSize: sealedSize,
            digest: plainDigest.finalize().withUnsafeBytes { Array($0) },
            sealedDigest: sealedDigest.finalize().withUnsafeBytes { Array($0) }
        )
        return (bytes, summary)
    }

    /// A full chunk waits until more follows, because the last one is sealed as such.
    private mutating func sealPending(isLast: Bool) throws(BlobError) -> [UInt8] {
        var sealed: [UInt8] = sealedSize == 0 ? cipher.header : []
        var start = 0
        while pending.count - start > ChunkCipher.chunkSize {
            let end = start + ChunkCipher.chunkSize
            try cipher.seal(pending[start..<end], isLast: false, onto: &sealed)
            start = end
        }
        if isLast {
            try cipher.seal(pending[start...], isLast: true, onto: &sealed)
            pending = []
        } else if start > 0 {
            pending.removeFirst(start)
        }
        sealedDigest.update(data: sealed)
        sealedSize += sealed.count
        return sealed
    }
}
