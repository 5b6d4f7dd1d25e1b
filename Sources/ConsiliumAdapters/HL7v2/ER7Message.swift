package import ConsiliumCore

/// An HL7 v2 message in ER7 form ("pipes"), indexed once: where segments and fields stand. Components, repetitions and
/// escapes are looked at when somebody asks.
///
/// Accessors mark what they read. What is filled and was never marked is the `lost` list. A class, because marking
/// happens while reading; it is made, read and dropped inside one call and never shared.
///
/// Tolerated: CR, LF, CRLF or a mixture as line ends, a missing last one, empty lines, junk before MSH, batch headers
/// around one message, a line break inside a field (a line that does not begin like a segment continues the one
/// before). Each is told by `irregularities`.
package final class ER7Message {
    struct Segment {
        var name: SegmentName
        /// Index into `starts` of field 1 (MSH: of field 2).
        var first: Int
        /// Number of fields after the name, in the file's counting.
        var count: Int
    }

    /// Bounds that keep a hostile message cheap.
    package struct Limits: Sendable {
        /// Bytes of a field; OBX-5 may be as long as the message, because documents travel there.
        package var field = 65_536
        package var segments = 10_000
        package init() {}
    }

    package enum Irregularity: String, Sendable {
        case junkBeforeHeader = "bytes before MSH were skipped"
        case lineBreakInField = "a line break inside a field was kept as text"
        case batchEnvelope = "batch header and trailer were skipped"
    }

    let bytes: [UInt8]
    package let delimiters: ER7Delimiters
    private(set) var segments: [Segment] = []
    /// Where each field begins; the next entry, less one, is its end. One extra entry closes each segment.
    private(set) var starts: [UInt32] = []
    /// One word a field: bits 0…31 components read (bit 0: all), bits 32…63 repetitions read.
    var marks: [UInt64] = []
    package private(set) var irregularities: [Irregularity] = []
    /// How the bytes of a `\Xhh..\` escape are to be read.
    let charset: Charset
    /// Fields that held `""`, HL7's way to say "delete"; the first 50.
    var nulls: [String] = []

    /// Indexes a message that is UTF-8 already.
    ///
    /// - Throws: `unparsable` at `MSH`, `MSH-1` or `MSH-2`; `tooLong` at the field or segment that exceeds a limit.
    package init(utf8 bytes: [UInt8], charset: Charset = .utf8, limits: Limits = Limits()) throws(FormatError) {
        self.bytes = bytes
        self.charset = charset
        guard bytes.count < Int(UInt32.max) else { throw FormatError(.tooLong, at: "MSH", "the message is too long") }
        let (start, skipped) = try Self.findHeader(bytes)
        irregularities += skipped
        let separator = bytes[start + 3]
        var end = start + 4
        while end < bytes.count, bytes[end] != separator, bytes[end] != 13, bytes[end] != 10 { end += 1 }
        delimiters = try ER7Delimiters(field: separator, declaration: bytes[(start + 4)..<end])
        let failure = index(from: start, limits: limits)
        if let failure { throw failure }
        marks = [UInt64](repeating: 0, count: starts.count)
    }

    /// Finds `MSH`, past junk, white space, a stray framing byte or a batch envelope.
    private static func findHeader(_ bytes: [UInt8]) throws(FormatError) -> (Int, [Irregularity]) {
        guard let start = RawHeader.start(in: bytes) else {
            throw FormatError(.unparsable, at: "MSH", "no MSH segment")
        }
        guard let first = bytes.firstIndex(where: { $0 > 32 }), first < start else { return (start, []) }
        let isBatch = bytes[first + 1] == 0x48 && bytes[first + 2] == 0x53
        return (start, [isBatch ? .batchEnvelope : .junkBeforeHeader])
    }

    /// One pass over the bytes. Returns what is wrong, if anything is: a closure cannot throw a typed error cheaply.
    private func index(from start: Int, limits: Limits) -> FormatError? {
        let separator = delimiters.field
        var segments: [Segment] = []
        var starts: [UInt32] = []
        segments.reserveCapacity(32)
        starts.reserveCapacity(bytes.count / 5 + 16)
        var failure: FormatError?
        var broken = false
        bytes.withUnsafeBufferPointer { p in
            let count = p.count
            // White space and stray framing bytes after the last segment are no continuation of it.
            var lastVisible = count - 1
            while lastVisible >= start, p[lastVisible] <= 32 { lastVisible -= 1 }
            var i = start
            var current = Segment(name: Self.header, first: 0, count: 0)
            i += 3
            var last = i
            scan: while true {
                // Between separators: `i` runs to the next one, or to a line end.
                while i < count, p[i] != separator, p[i] != 13, p[i] != 10 { i &+= 1 }
                let isSeparator = i < count && p[i] == separator
                if i &- last > limits.field, !(current.name == Self.observation && starts.count &- current.first == 5) {
                    segments.append(current)
                    failure = Self.tooLong(segments, starts.count - current.first, limits)
                    return
                }
                if isSeparator {
                    i &+= 1
                    starts.append(UInt32(truncatingIfNeeded: i))
                    last = i
                    continue
                }
                // A line end, or the end. Does a segment begin after it?
                var next = i
                while next < count, p[next] == 13 || p[next] == 10 { next &+= 1 }
                if next < count, !Self.beginsSegment(p, next, separator) {
                    if next > lastVisible {
                        next = count
                    } else {
                        broken = true
                        i = next
                        continue
                    }
                }
                current.count = starts.count - current.first
                starts.append(UInt32(truncatingIfNeeded: i + 1))
                segments.append(current)
                if next >= count { return }
                guard segments.count < limits.segments else {
                    failure = FormatError(.tooLong, at: "MSH", "more than \(limits.segments) segments")
                    return
                }
                let name = SegmentName(packed: SegmentName.pack(p[next], p[next + 1], p[next + 2]))
                if name == Self.header {
                    failure = FormatError(.unparsable, at: "MSH[2]", "several messages in one frame; send one a frame")
                    return
                }
                current = Segment(name: name, first: starts.count, count: 0)
                i = next + 3
                last = i
            }
        }
        self.segments = segments
        self.starts = starts
        if broken { irregularities.append(.lineBreakInField) }
        return failure
    }

    private static let header: SegmentName = "MSH"
    private static let observation: SegmentName = "OBX"

    private static func tooLong(_ segments: [Segment], _ field: Int, _ limits: Limits) -> FormatError {
        let name = segments[segments.count - 1].name
        let occurrence = segments.filter { $0.name == name }.count
        let number = name == header ? field + 1 : field
        let path = occurrence > 1 ? "\(name)[\(occurrence)]-\(number)" : "\(name)-\(number)"
        return FormatError(.tooLong, at: path, "longer than \(limits.field) bytes")
    }

    private static func beginsSegment(_ p: UnsafeBufferPointer<UInt8>, _ i: Int, _ separator: UInt8) -> Bool {
        guard i + 3 <= p.count, SegmentName.isName(p[i], p[i + 1], p[i + 2]) else { return false }
        return i + 3 == p.count || p[i + 3] == separator || p[i + 3] == 13 || p[i + 3] == 10
    }
}

extension ER7Message {
    /// The first segment of that name.
    package func first(_ name: SegmentName) -> ER7Segment? {
        for index in segments.indices where segments[index].name == name { return ER7Segment(self, index) }
        return nil
    }

    /// All segments of that name, in order.
    package func all(_ name: SegmentName) -> [ER7Segment] {
        var found: [ER7Segment] = []
        for index in segments.indices where segments[index].name == name { found.append(ER7Segment(self, index)) }
        return found
    }

    package var msh: ER7Segment { ER7Segment(self, 0) }

    /// `OBX[2]` when there are several of that name, else `PID`.
    func place(of index: Int) -> String {
        let name = segments[index].name
        var before = 0
        var total = 0
        for other in segments.indices where segments[other].name == name {
            total += 1
            if other < index { before += 1 }
        }
        return total > 1 ? "\(name)[\(before + 1)]" : "\(name)"
    }
}
