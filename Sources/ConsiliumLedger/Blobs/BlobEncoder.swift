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
///
/// The first 64 KiB decide whether it compresses: images do not, and trying costs twenty times what sealing does.
struct BlobEncoder {
    private static let sampleSize = 1 << 16
    /// Below this many bytes compression costs more time than it saves space.
    private static let worthDeflating = 4_096

    private let address: BlobAddress
    private let key: DataKey
    private let salt: [UInt8]
    /// Nil until the sample has decided.
    private var cipher: ChunkCipher?
    private var deflater: Deflater?
    private var pending: [UInt8] = []
    private var plainDigest = SHA256()
    private var sealedDigest = SHA256()
    private var size = 0
    private var sealedSize = 0

    /// `salt` is 16 random bytes.
    init(_ address: BlobAddress, key: DataKey, salt: [UInt8]) {
        self.address = address
        self.key = key
        self.salt = salt
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
        if cipher == nil {
            guard pending.count >= Self.sampleSize else { return [] }
            try decideEarly()
        }
        return try sealPending(isLast: false)
    }

    mutating func finish() throws(BlobError) -> (bytes: [UInt8], summary: BlobSummary) {
        if cipher == nil {
            try decideAtEnd()
        } else if let deflater {
            try deflater.add([], isLast: true, onto: &pending)
        }
        let bytes = try sealPending(isLast: true)
        let summary = BlobSummary(
            size: size,
            sealedSize: sealedSize,
            digest: plainDigest.finalize().withUnsafeBytes { Array($0) },
            sealedDigest: sealedDigest.finalize().withUnsafeBytes { Array($0) }
        )
        return (bytes, summary)
    }

    /// More is to come: tries the sample, then begins anew.
    private mutating func decideEarly() throws(BlobError) {
        let isWorth = try Self.deflated(Array(pending.prefix(Self.sampleSize))) != nil
        begin(deflated: isWorth)
        guard isWorth else { return }
        let deflater = Deflater()
        var output: [UInt8] = []
        try deflater.add(pending, isLast: false, onto: &output)
        pending = output
        self.deflater = deflater
    }

    /// All is here: what the trial gave is the result.
    private mutating func decideAtEnd() throws(BlobError) {
        let deflated = pending.count >= Self.worthDeflating ? try Self.deflated(pending) : nil
        begin(deflated: deflated != nil)
        if let deflated { pending = deflated }
    }

    private mutating func begin(deflated: Bool) {
        cipher = ChunkCipher(sealing: address, key: key, salt: salt, deflated: deflated)
    }

    /// Nil when less than a tenth would be saved.
    private static func deflated(_ bytes: [UInt8]) throws(BlobError) -> [UInt8]? {
        var output: [UInt8] = []
        try Deflater().add(bytes, isLast: true, onto: &output)
        return output.count < bytes.count - bytes.count / 10 ? output : nil
    }

    /// A full chunk waits until more follows, because the last one is sealed as such.
    private mutating func sealPending(isLast: Bool) throws(BlobError) -> [UInt8] {
        guard var cipher else { return [] }
        self.cipher = nil
        defer { self.cipher = cipher }
        var sealed: [UInt8] = sealedSize == 0 ? cipher.header : []
        sealed.reserveCapacity(sealed.count + pending.count + ChunkCipher.tagSize)
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
