import NIOCore

/// What the hub said to one request, as far as the driver looks.
struct Answer {
    var isSuccess: Bool
    /// First bytes of a refusal, for the message that ends the run.
    var excerpt: String
}

/// Cuts answers out of the bytes of a connection. It reads a status and a length, no more.
enum AnswerParser {
    /// nil: more bytes are needed; those of a whole answer are taken away.
    static func next(_ wire: Request.Wire, in buffer: inout ByteBuffer) -> Answer? {
        switch wire {
        case .http: http(&buffer)
        case .mllp: mllp(&buffer)
        }
    }

    private static func http(_ buffer: inout ByteBuffer) -> Answer? {
        let found = buffer.withUnsafeReadableBytes { bytes -> (head: Int, length: Int, isSuccess: Bool)? in
            guard let end = index(of: [13, 10, 13, 10], in: bytes, from: 0) else { return nil }
            // "HTTP/1.1 201 Created"
            guard bytes.count > 12 else { return nil }
            let isSuccess = bytes[9] == UInt8(ascii: "2")
            return (end + 4, length(in: bytes, upTo: end), isSuccess)
        }
        guard let found, buffer.readableBytes >= found.head + found.length else { return nil }
        let size = found.head + found.length
        let excerpt = found.isSuccess ? "" : buffer.getString(at: buffer.readerIndex, length: min(size, 1_200)) ?? ""
        buffer.moveReaderIndex(forwardBy: size)
        return Answer(isSuccess: found.isSuccess, excerpt: excerpt)
    }

    /// The value of Content-Length; 0 without one, as in 204.
    private static func length(in bytes: UnsafeRawBufferPointer, upTo end: Int) -> Int {
        let name = Array("content-length:".utf8)
        var line = 0
        while line < end {
            var matches = line + name.count < end
            var offset = 0
            while matches, offset < name.count {
                if bytes[line + offset] | 0x20 != name[offset] | 0x20 { matches = false }
                offset += 1
            }
            if matches {
                var value = 0
                for byte in bytes[(line + name.count)..<end] {
                    if byte == 13 { break }
                    if byte >= 48, byte <= 57 { value = value * 10 + Int(byte - 48) }
                }
                return value
            }
            guard let next = index(of: [13, 10], in: bytes, from: line) else { return 0 }
            line = next + 2
        }
        return 0
    }

    private static func mllp(_ buffer: inout ByteBuffer) -> Answer? {
        let end = buffer.withUnsafeReadableBytes { index(of: [0x1C, 0x0D], in: $0, from: 0) }
        guard let end else { return nil }
        let isSuccess = buffer.withUnsafeReadableBytes { index(of: Array("MSA|AA".utf8), in: $0, from: 0) != nil }
        let excerpt = isSuccess ? "" : buffer.getString(at: buffer.readerIndex, length: min(end, 1_200)) ?? ""
        buffer.moveReaderIndex(forwardBy: end + 2)
        return Answer(isSuccess: isSuccess, excerpt: excerpt)
    }

    private static func index(of pattern: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard bytes.count >= pattern.count, start <= bytes.count - pattern.count else { return nil }
        var position = start
        while position <= bytes.count - pattern.count {
            if bytes[position] == pattern[0] {
                var offset = 1
                while offset < pattern.count, bytes[position + offset] == pattern[offset] { offset += 1 }
                if offset == pattern.count { return position }
            }
            position += 1
        }
        return nil
    }
}
