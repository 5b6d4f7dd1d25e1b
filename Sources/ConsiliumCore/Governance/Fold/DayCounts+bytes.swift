/// One spelling for each `DayCounts`, for rows that are written with every commit: no names, no text to parse.
///
/// For each figure in order: its place in `MeasureFigure.ordered` (one byte), numerator, denominator, undecided, the number
/// of values and each value (the first as it is, the others as their distance to the one before) with its count, the
/// number of parts and each part (length and UTF-8) with its count. Numbers are zigzag LEB128. Rows are bound to a
/// `MeasureTally.definition`, because the places move when a figure is added.
extension DayCounts {
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * 16)
        for entry in entries {
            bytes.append(entry.code)
            Self.put(entry.numerator, in: &bytes)
            Self.put(entry.denominator, in: &bytes)
            Self.put(entry.undecided, in: &bytes)
            Self.put(entry.histogram.entries.count, in: &bytes)
            var last = 0
            for (value, count) in entry.histogram.entries {
                Self.put(value &- last, in: &bytes)
                Self.put(count, in: &bytes)
                last = value
            }
            Self.put(entry.shares.entries.count, in: &bytes)
            for (part, count) in entry.shares.entries {
                Self.put(part.text.utf8.count, in: &bytes)
                bytes.append(contentsOf: part.text.utf8)
                Self.put(count, in: &bytes)
            }
        }
        return bytes
    }

    private static func put(_ number: Int, in bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: Int64((number << 1) ^ (number >> 63)))
        while rest >= 128 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Reads what `bytes` wrote; anything else is an error.
    package init(_ bytes: [UInt8]) throws(RecordError) {
        // The buffer's closure throws nothing, so that the error keeps its type.
        let read: Result<[Entry], RecordError> = bytes.withUnsafeBytes { bytes in
            Result { () throws(RecordError) in
                var entries: [Entry] = []
                try Self.read(bytes) { entries.append($0) }
                return entries
            }
        }
        entries = try read.get()
    }

    /// Hands over each entry in its order.
    fileprivate static func read(
        _ bytes: UnsafeRawBufferPointer,
        each: (Entry) -> Void
    ) throws(RecordError) {
        var reader = Reader(bytes: bytes)
        var last = -1
        while let code = reader.byte() {
            guard Int(code) < MeasureFigure.ordered.count, last < Int(code) else {
                throw RecordError("counts of a figure that is not known or stands twice")
            }
            last = Int(code)
            var entry = Entry(code: code)
            entry.numerator = try reader.number()
            entry.denominator = try reader.number()
            entry.undecided = try reader.number()
            var value = 0
            for _ in 0..<(try reader.size()) {
                value &+= try reader.number()
                guard entry.histogram.append(value, try reader.number()) else {
                    throw RecordError("observed values out of order")
                }
            }
            for _ in 0..<(try reader.size()) {
                let text = try reader.text(try reader.size())
                guard entry.shares.append(CountedPart(text: text), try reader.number()) else {
                    throw RecordError("parts out of order")
                }
            }
            guard !entry.isZero else { throw RecordError("counts of nothing") }
            each(entry)
        }
    }

    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        var position = 0

        init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

        mutating func byte() -> UInt8? {
            guard position < bytes.count else { return nil }
            defer { position += 1 }
            return bytes[position]
        }

        mutating func number() throws(RecordError) -> Int {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while let next = byte() {
                let part = UInt64(next & 127)
                guard shift < 63 || (shift == 63 && part <= 1) else { break }
                value |= part << shift
                if next < 128 {
                    guard next != 0 || shift == 0 else { break }
                    return Int(truncatingIfNeeded: value >> 1) ^ -Int(value & 1)
                }
                shift += 7
            }
            throw RecordError("counts end in the middle of a number")
        }

        /// Of something that stands behind it, so never more than the bytes that are left.
        mutating func size() throws(RecordError) -> Int {
            let size = try number()
            guard (0...bytes.count - position).contains(size) else { throw RecordError("counts end too early") }
            return size
        }

        mutating func text(_ count: Int) throws(RecordError) -> String {
            guard let text = String(validating: bytes[position..<position + count], as: UTF8.self) else {
                throw RecordError("a part that is no text")
            }
            position += count
            return text
        }
    }
}

extension MeasureTally {
    /// What counts that are kept were made with, a version of what figures mean and their names: counts of another
    /// definition are made anew from the events.
    package static let definition = "2 " + MeasureFigure.ordered.map(\.rawValue).joined(separator: " ")

    /// Appends the row of a day and stratum as `DayCounts.bytes` wrote it, after all rows that are there. When it throws,
    /// a part of the row stands.
    package mutating func append(
        _ bytes: UnsafeRawBufferPointer,
        on day: CivilDay,
        of stratum: Int32
    ) throws(RecordError) {
        try DayCounts.read(bytes) { append($0, on: day, of: stratum) }
    }
}
