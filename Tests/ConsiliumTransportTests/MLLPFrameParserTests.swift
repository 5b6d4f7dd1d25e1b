import NIOCore
import Testing

@testable import ConsiliumTransport

@Suite("Cutting bytes into MLLP frames")
struct MLLPFrameParserTests {
    /// A small generator with a seed, so that a failure can be repeated.
    struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            // SplitMix64.
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private func framed(_ body: [UInt8]) -> [UInt8] { [0x0B] + body + [0x1C, 0x0D] }

    private func all(_ pieces: [[UInt8]], flush: Bool = false) throws -> [MLLPFrame] {
        var parser = MLLPFrameParser()
        var frames: [MLLPFrame] = []
        for piece in pieces {
            parser.append(piece)
            while let frame = try parser.next() { frames.append(frame) }
        }
        if flush, let frame = parser.flush() { frames.append(frame) }
        return frames
    }

    private let message = Array("MSH|^~\\&|HIS|S1|HUB|CJFH|20261122||REF^I12|1|P|2.5\rPID|1||7\r".utf8)

    @Test("One frame comes out whole at every split point, in two and in three pieces")
    func everySplit() throws {
        let bytes = framed(message)
        for first in 0...bytes.count {
            let two = [Array(bytes[..<first]), Array(bytes[first...])]
            #expect(try all(two) == [MLLPFrame(bytes: message)])
            for second in first...bytes.count {
                let three = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                #expect(try all(three) == [MLLPFrame(bytes: message)])
            }
        }
    }

    @Test("Byte by byte is the same as all at once")
    func byteByByte() throws {
        let bytes = framed(message) + framed([]) + framed([0x41])
        #expect(try all(bytes.map { [$0] }) == all([bytes]))
        #expect(try all([bytes]).map(\.bytes) == [message, [], [0x41]])
    }

    @Test("Random bodies, junk and splits come back as they went in", arguments: 0..<50)
    func random(seed: Int) throws {
        var generator = Seeded(state: UInt64(seed))
        var bytes: [UInt8] = []
        var expected: [MLLPFrame] = []
        for _ in 0..<20 {
            let junk = (0..<Int.random(in: 0...5, using: &generator))
                .map { _ in
                    UInt8.random(in: 0x20...0xFF, using: &generator)
                }
            // Mostly the bytes that matter.
            let special: [UInt8] = [0x0B, 0x0D, 0x1C, 0x41]
            var body = (0..<Int.random(in: 0...200, using: &generator))
                .map { _ -> UInt8 in
                    let byte = UInt8.random(in: .min ... .max, using: &generator)
                    return Bool.random(using: &generator) ? special[Int(byte) % 4] : byte
                }
            // Take out what MLLP cannot carry.
            for index in body.indices.dropFirst() where body[index - 1] == 0x1C && [0x0D, 0x0B].contains(body[index]) {
                body[index] = 0x41
            }
            bytes += junk + framed(body)
            expected.append(MLLPFrame(bytes: body, skipped: junk.count))
        }
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(97, rest.count), using: &generator)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        #expect(try all(pieces) == expected)
    }

    @Test("An end block alone belongs to the message, also twice and before the real end")
    func endBlockInside() throws {
        let body: [UInt8] = [0x41, 0x1C, 0x42, 0x1C, 0x1C]
        #expect(try all([framed(body)]) == [MLLPFrame(bytes: body)])
        #expect(try all(framed(body).map { [$0] }) == [MLLPFrame(bytes: body)])
    }

    @Test("Bytes before the start block are thrown away and counted")
    func junk() throws {
        let frames = try all([[0x0D, 0x0A, 0x1C, 0x0D], framed([0x41]), [0x0A], framed([0x42])])
        #expect(frames == [MLLPFrame(bytes: [0x41], skipped: 4), MLLPFrame(bytes: [0x42], skipped: 1)])
    }

    @Test("A frame without its last carriage return waits, and is given out by a flush")
    func missingReturn() throws {
        var parser = MLLPFrameParser()
        parser.append([0x0B, 0x41, 0x1C])
        #expect(try parser.next() == nil)
        #expect(parser.awaitsReturn)
        #expect(parser.flush() == MLLPFrame(bytes: [0x41], missingReturn: true))
        #expect(parser.flush() == nil)
        parser.append([0x0D] + framed([0x42]))
        #expect(try parser.next() == MLLPFrame(bytes: [0x42], skipped: 1))
    }

    @Test("A flush gives out nothing in the middle of a message or between two")
    func flushElsewhere() throws {
        var parser = MLLPFrameParser()
        #expect(parser.flush() == nil)
        parser.append([0x0B, 0x41])
        #expect(try parser.next() == nil)
        #expect(parser.flush() == nil)
        #expect(!parser.awaitsReturn)
        #expect(parser.isInsideFrame)
    }

    @Test("The next start block ends a frame whose carriage return is missing")
    func missingReturnThenNext() throws {
        let frames = try all([[0x0B, 0x41, 0x1C] + framed([0x42])])
        #expect(frames == [MLLPFrame(bytes: [0x41], missingReturn: true), MLLPFrame(bytes: [0x42])])
    }

    @Test("A start block inside a message belongs to it")
    func startBlockInside() throws {
        #expect(try all([framed([0x41, 0x0B, 0x42])]) == [MLLPFrame(bytes: [0x41, 0x0B, 0x42])])
    }

    @Test("A frame of exactly the limit passes, one byte more does not, however it comes")
    func limit() throws {
        for pieceSize in [1, 7, 1_000] {
            for (count, passes) in [(100, true), (101, false)] {
                var parser = MLLPFrameParser(maximumFrame: 100)
                var result: MLLPFrame?
                var failure: MLLPError?
                var rest = framed(Array(repeating: 0x41, count: count))[...]
                while !rest.isEmpty, failure == nil {
                    parser.append(rest.prefix(pieceSize))
                    rest = rest.dropFirst(pieceSize)
                    do throws(MLLPError) {
                        result = try parser.next() ?? result
                    } catch {
                        failure = error
                    }
                }
                #expect((result?.bytes.count == 100) == passes)
                #expect(failure == (passes ? nil : .frameTooLarge(limit: 100)))
            }
        }
    }

    @Test("A peer that never sends a start block is found out")
    func junkLimit() throws {
        var parser = MLLPFrameParser(maximumFrame: 100, maximumJunk: 50)
        parser.append(Array(repeating: 0x20, count: 50))
        #expect(try parser.next() == nil)
        parser.append([0x20])
        #expect(throws: MLLPError.junk(limit: 50)) { try parser.next() }
    }

    @Test("A large frame in small pieces is read once, not once for each piece")
    func linear() throws {
        let body = [UInt8](repeating: 0x41, count: 2 << 20)
        var parser = MLLPFrameParser()
        let bytes = framed(body)
        var frames = 0
        for start in stride(from: 0, to: bytes.count, by: 512) {
            parser.append(bytes[start..<min(start + 512, bytes.count)])
            while let frame = try parser.next() {
                frames += 1
                #expect(frame.bytes == body)
            }
            #expect(parser.unsearched <= 1)
        }
        #expect(frames == 1)
        #expect(parser.buffered == 0)
    }

    @Test("Writing puts a message between its blocks and refuses what would end it early")
    func writing() throws {
        var buffer = ByteBuffer()
        try MLLPFrame.write([0x41, 0x1C, 0x42], into: &buffer)
        #expect(Array(buffer.readableBytesView) == [0x0B, 0x41, 0x1C, 0x42, 0x1C, 0x0D])
        for bad: [UInt8] in [[0x1C, 0x0D], [0x41, 0x1C, 0x0B, 0x42]] {
            #expect(throws: MLLPError.endBlockInside) { try MLLPFrame.write(bad, into: &buffer) }
        }
        #expect(buffer.readableBytes == 6)
    }
}
