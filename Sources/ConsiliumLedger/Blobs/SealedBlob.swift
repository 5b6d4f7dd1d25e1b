/// A small blob as one value: a source of up to 64 KiB is a row, in the same sealed form as a file.
package enum SealedBlob {
    package static func seal(
        _ plain: [UInt8],
        at address: BlobAddress,
        key: DataKey,
        entropy: inout some Entropy
    ) throws(BlobError) -> (bytes: [UInt8], summary: BlobSummary) {
        var encoder = BlobEncoder(address, key: key, salt: entropy.bytes(16))
        var sealed = try encoder.add(plain)
        let (rest, summary) = try encoder.finish()
        sealed.append(contentsOf: rest)
        return (sealed, summary)
    }

    /// `limit` bounds the plain bytes, so that a tiny row cannot unfold into a flood.
    package static func open(
        _ sealed: [UInt8],
        at address: BlobAddress,
        key: DataKey,
        limit: Int
    ) throws(BlobError) -> [UInt8] {
        var position = 0
        let reader = try BlobReader(address, key: key, limit: limit) { count in
            let end = min(position + count, sealed.count)
            defer { position = end }
            return Array(sealed[position..<end])
        }
        return try reader.rest()
    }
}
