/// Reads a sealed blob piece by piece; every piece is authentic, and the end is reached only if nothing is missing.
package final class BlobReader {
    private let address: BlobAddress
    private let limit: Int
    private let source: (Int) throws(BlobError) -> [UInt8]
    private var cipher: ChunkCipher
    private let inflater: Inflater?
    private var ahead: [UInt8]
    private var isLastOpened = false
    private var given = 0

    /// `source` hands out at most so many bytes, fewer only at the end. `limit` bounds the plain bytes.
    init(
        _ address: BlobAddress,
        key: DataKey,
        limit: Int,
        source: @escaping (Int) throws(BlobError) -> [UInt8]
    ) throws(BlobError) {
        self.address = address
        self.limit = limit
        self.source = source
        cipher = try ChunkCipher(opening: source(ChunkCipher.headerSize), at: address, key: key)
        inflater = cipher.isDeflated ? Inflater() : nil
        ahead = try source(ChunkCipher.chunkSize + ChunkCipher.tagSize)
    }

    /// The next plain bytes, at most 1 MiB; nil after the last.
    package func next() throws(BlobError) -> [UInt8]? {
        while true {
            let piece: [UInt8]
            if let inflater {
                piece = try inflater.take(ChunkCipher.chunkSize)
                if piece.isEmpty {
                    if isLastOpened {
                        guard inflater.isAtEnd, inflater.unused == 0 else {
                            throw BlobError(.sealBroken, "\(address): its compressed bytes do not end where it ends")
                        }
                        return nil
                    }
                    inflater.give(try nextChunk())
                    continue
                }
            } else {
                if isLastOpened { return nil }
                piece = try nextChunk()
                if piece.isEmpty { continue }
            }
            given += piece.count
            guard given <= limit else { throw BlobError(.tooLarge, "\(address) is larger than \(limit) bytes") }
            return piece
        }
    }

    private func nextChunk() throws(BlobError) -> [UInt8] {
        let chunk = ahead
        ahead = try source(ChunkCipher.chunkSize + ChunkCipher.tagSize)
        isLastOpened = ahead.isEmpty
        return try cipher.open(chunk, isLast: isLastOpened)
    }

    /// All that is left, in one array.
    package func rest() throws(BlobError) -> [UInt8] {
        var all: [UInt8] = []
        while let piece = try next() {
            if all.isEmpty { all = piece } else { all.append(contentsOf: piece) }
        }
        return all
    }
}
