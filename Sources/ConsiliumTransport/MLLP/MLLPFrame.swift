package import NIOCore

/// One message as MLLP carried it: the bytes between the start block (0x0B) and the end block (0x1C 0x0D).
///
/// HL7 "Transport Specification: MLLP, Release 1" (2003), 2.
package struct MLLPFrame: Hashable, Sendable {
    package let bytes: [UInt8]
    /// Bytes that stood before the start block and were thrown away.
    package let skipped: Int
    /// The end block came without its final carriage return.
    package let missingReturn: Bool

    package init(bytes: [UInt8], skipped: Int = 0, missingReturn: Bool = false) {
        self.bytes = bytes
        self.skipped = skipped
        self.missingReturn = missingReturn
    }

    static let startBlock: UInt8 = 0x0B
    static let endBlock: UInt8 = 0x1C
    static let carriageReturn: UInt8 = 0x0D

    /// Writes `bytes` as one frame behind what `buffer` holds.
    ///
    /// Refuses content that would end the frame early: an end block followed by a carriage return or a start block.
    package static func write(_ bytes: [UInt8], into buffer: inout ByteBuffer) throws(MLLPError) {
        var previous: UInt8 = 0
        for byte in bytes {
            if previous == endBlock, byte == carriageReturn || byte == startBlock { throw .endBlockInside }
            previous = byte
        }
        buffer.reserveCapacity(minimumWritableBytes: bytes.count + 3)
        buffer.writeInteger(startBlock)
        buffer.writeBytes(bytes)
        buffer.writeInteger(endBlock)
        buffer.writeInteger(carriageReturn)
    }
}

/// Why bytes are not MLLP, or cannot be carried by it.
package enum MLLPError: Error, Hashable, Sendable {
    /// A frame grew beyond the limit (bytes).
    case frameTooLarge(limit: Int)
    /// So many bytes came without a start block that the peer does not speak MLLP (bytes).
    case junk(limit: Int)
    /// The message holds a sequence that MLLP reads as its end.
    case endBlockInside
}
