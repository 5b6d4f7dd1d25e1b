#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Cuts a stream of bytes into MLLP frames; a value without any input or output of its own.
///
/// States: *between frames* (bytes other than 0x0B are thrown away and counted) and *inside a frame*. A frame ends with
/// 0x1C 0x0D. A 0x1C before any other byte belongs to the body, with one exception: 0x1C 0x0B is a frame whose final
/// carriage return is missing, followed by the next one. A frame that has ended in 0x1C at the end of the input waits
/// for its 0x0D; `flush` gives it out without.
package struct MLLPFrameParser: Sendable {
    /// Largest body in bytes.
    package let maximumFrame: Int
    /// Most bytes thrown away before one frame.
    package let maximumJunk: Int

    private var buffer: [UInt8] = []
    /// First byte that has not been given out.
    private var start = 0
    /// Bytes of the body that are known to hold no end: an address within `buffer`, so that no byte is read twice.
    private var scanned = 0
    private var isInside = false
    private var skipped = 0

    package init(maximumFrame: Int = 4 << 20, maximumJunk: Int = 64 << 10) {
        self.maximumFrame = maximumFrame
        self.maximumJunk = maximumJunk
    }

    /// A frame has begun and not ended.
    package var isInsideFrame: Bool { isInside }
    /// The frame lacks nothing but its final carriage return; `flush` would give it out.
    package var awaitsReturn: Bool {
        isInside && buffer.count > start && buffer[buffer.count - 1] == MLLPFrame.endBlock
    }
    /// Bytes held.
    package var buffered: Int { buffer.count - start }

    /// Bytes held that have not been searched yet.
    var unsearched: Int { buffer.count - max(scanned, start) }

    package mutating func append(_ bytes: some Sequence<UInt8>) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 256 << 10)
            start = 0
            scanned = 0
        } else if start > 64 << 10, start > buffer.count / 2 {
            buffer.removeFirst(start)
            scanned -= start
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole frame, or nil when more bytes are needed. After an error the parser must not be used again.
    package mutating func next() throws(MLLPError) -> MLLPFrame? {
        if !isInside {
            guard try skipToStart() else { return nil }
        }
        while let end = find(MLLPFrame.endBlock, from: scanned) {
            guard end - start <= maximumFrame else { throw .frameTooLarge(limit: maximumFrame) }
            guard end + 1 < buffer.count else {
                scanned = end
                return nil
            }
            switch buffer[end + 1] {
            case MLLPFrame.carriageReturn: return take(to: end, next: end + 2, missingReturn: false)
            case MLLPFrame.startBlock: return take(to: end, next: end + 1, missingReturn: true)
            default: scanned = end + 1
            }
        }
        scanned = buffer.count
        guard buffer.count - start <= maximumFrame else { throw .frameTooLarge(limit: maximumFrame) }
        return nil
    }

    /// The frame that has ended in 0x1C and got no carriage return, when there is one.
    package mutating func flush() -> MLLPFrame? {
        guard awaitsReturn else { return nil }
        return take(to: buffer.count - 1, next: buffer.count, missingReturn: true)
    }

    private mutating func skipToStart() throws(MLLPError) -> Bool {
        let found = find(MLLPFrame.startBlock, from: start)
        let until = found ?? buffer.count
        skipped += until - start
        guard skipped <= maximumJunk else { throw .junk(limit: maximumJunk) }
        start = until
        guard found != nil else { return false }
        start += 1
        scanned = start
        isInside = true
        return true
    }

    private mutating func take(to end: Int, next: Int, missingReturn: Bool) -> MLLPFrame {
        let frame = MLLPFrame(bytes: Array(buffer[start..<end]), skipped: skipped, missingReturn: missingReturn)
        start = next
        scanned = next
        isInside = false
        skipped = 0
        return frame
    }

    private func find(_ byte: UInt8, from offset: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard offset < bytes.count, let base = bytes.baseAddress,
                let hit = memchr(base + offset, Int32(byte), bytes.count - offset)
            else { return nil }
            return UnsafeRawPointer(hit) - base
        }
    }
}
