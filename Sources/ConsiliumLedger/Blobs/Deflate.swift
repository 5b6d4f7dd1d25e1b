import CZlib

/// Compresses a stream piece by piece (raw deflate, RFC 1951).
final class Deflater {
    private var stream = z_stream()
    private let isReady: Bool

    /// Level 1: most of what attachments are is compressed already, and speed counts more than the last percent.
    init() {
        isReady =
            deflateInit2_(
                &stream,
                1,
                Z_DEFLATED,
                -15,
                8,
                Z_DEFAULT_STRATEGY,
                ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)
            ) == Z_OK
    }

    deinit { deflateEnd(&stream) }

    /// Appends what becomes ready; everything, when `isLast`.
    func add(_ bytes: [UInt8], isLast: Bool, onto output: inout [UInt8]) throws(BlobError) {
        guard isReady else { throw BlobError(.io, "zlib has no memory") }
        var bytes = bytes
        let space = 1 << 16
        let result = bytes.withUnsafeMutableBufferPointer { input -> Int32 in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            var result = Z_OK
            repeat {
                let piece = [UInt8](unsafeUninitializedCapacity: space) { buffer, filled in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(space)
                    result = deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    filled = space - Int(stream.avail_out)
                }
                output.append(contentsOf: piece)
            } while stream.avail_out == 0 && result == Z_OK
            stream.next_in = nil
            return result
        }
        let isGood = isLast ? result == Z_STREAM_END : result == Z_OK || result == Z_BUF_ERROR
        guard isGood else { throw BlobError(.io, "zlib: \(result)") }
    }
}

/// Decompresses a stream, handing out bounded pieces, so that a small input can never fill the memory.
final class Inflater {
    private var stream = z_stream()
    private let isReady: Bool
    private var input: [UInt8] = []
    private var consumed = 0
    private(set) var isAtEnd = false

    init() { isReady = inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK }

    deinit { inflateEnd(&stream) }

    /// Bytes given but not used; more than none at the end means that something follows the stream.
    var unused: Int { input.count - consumed }

    /// Gives the next piece of input; the last one must be used up.
    func give(_ bytes: [UInt8]) {
        input = bytes
        consumed = 0
    }

    /// At most `space` bytes; none when more input is needed or the stream has ended.
    func take(_ space: Int) throws(BlobError) -> [UInt8] {
        guard isReady else { throw BlobError(.io, "zlib has no memory") }
        guard !isAtEnd, space > 0 else { return [] }
        var result = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: space) { buffer, filled in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress.map { $0 + consumed }
                stream.avail_in = UInt32(input.count - consumed)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(space)
                result = inflate(&stream, Z_NO_FLUSH)
                consumed = input.count - Int(stream.avail_in)
                stream.next_in = nil
            }
            filled = space - Int(stream.avail_out)
        }
        switch result {
        case Z_STREAM_END: isAtEnd = true
        case Z_OK, Z_BUF_ERROR: break
        default: throw BlobError(.sealBroken, "the blob's compressed bytes are wrong")
        }
        return output
    }
}
