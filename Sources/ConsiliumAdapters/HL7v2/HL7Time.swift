import ConsiliumCore

/// A point in time as HL7 writes it, with the precision that was given: `YYYY[MM[DD[HH[MM[SS[.SSSS]]]]]][±ZZZZ]`
/// (HL7 v2.5.1 section 2.A.22). Dashes, slashes, colons, `T` and a space between the parts are accepted, as hospital
/// systems write them.
struct HL7Time: Equatable {
    enum Precision: Int, Comparable {
        case year
        case month
        case day
        case hour
        case minute
        case second

        static func < (a: Precision, b: Precision) -> Bool { a.rawValue < b.rawValue }
    }

    var civil: CivilTime
    var precision: Precision
    /// nil: the sender gave no zone.
    var offsetMinutes: Int?

    /// nil when the text is no time, or names a day or hour that does not exist.
    init?(_ text: String) {
        var digits: [UInt8] = []
        var zone: Substring.UTF8View?
        var fraction: [UInt8]?
        let body = text.utf8
        var index = body.startIndex
        scan: while index < body.endIndex {
            let byte = body[index]
            switch byte {
            case 48...57:
                if fraction != nil { fraction?.append(byte) } else { digits.append(byte) }
            case UInt8(ascii: "+"), UInt8(ascii: "Z"):
                zone = text.utf8[index...]
                break scan
            case UInt8(ascii: "-"):
                // A dash between the parts of a date, or the sign of a zone once the hour is there.
                if digits.count >= 10 {
                    zone = text.utf8[index...]
                    break scan
                }
                guard digits.count == 4 || digits.count == 6 else { return nil }
            case UInt8(ascii: "/"): guard digits.count == 4 || digits.count == 6 else { return nil }
            case UInt8(ascii: "T"), 32: guard digits.count == 8 else { return nil }
            case UInt8(ascii: ":"): guard digits.count == 10 || digits.count == 12 else { return nil }
            case UInt8(ascii: "."):
                guard digits.count == 14, fraction == nil else { return nil }
                fraction = []
            default: return nil
            }
            index = body.index(after: index)
        }
        guard let precision = Self.precision(digits.count) else { return nil }
        func number(_ from: Int, _ count: Int) -> Int {
            digits[from..<from + count].reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        var civil = CivilTime(year: number(0, 4), month: 1, day: 1)
        if precision >= .month { civil.month = number(4, 2) }
        if precision >= .day { civil.day = number(6, 2) }
        if precision >= .hour { civil.hour = number(8, 2) }
        if precision >= .minute { civil.minute = number(10, 2) }
        if precision >= .second { civil.second = number(12, 2) }
        guard civil.isValid, civil.year >= 1_800 else { return nil }
        self.civil = civil
        self.precision = precision
        if let zone {
            guard let offset = Self.offset(zone) else { return nil }
            offsetMinutes = offset
        }
    }

    private static func precision(_ count: Int) -> Precision? {
        switch count {
        case 4: .year
        case 6: .month
        case 8: .day
        case 10: .hour
        case 12: .minute
        case 14: .second
        default: nil
        }
    }

    /// `Z`, `+0800`, `+08:00`, `+08`.
    private static func offset(_ zone: Substring.UTF8View) -> Int? {
        if zone.elementsEqual([UInt8(ascii: "Z")]) { return 0 }
        let digits = zone.dropFirst().filter { $0 != UInt8(ascii: ":") }
        guard digits.allSatisfy({ $0 >= 48 && $0 <= 57 }), digits.count == 2 || digits.count == 4 else { return nil }
        let hours = Int(digits[0] - 48) * 10 + Int(digits[1] - 48)
        let minutes = digits.count == 4 ? Int(digits[2] - 48) * 10 + Int(digits[3] - 48) : 0
        guard hours <= 14, minutes < 60 else { return nil }
        return (zone.first == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }

    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    var date: String {
        String(unsafeUninitializedCapacity: 10) { buffer in
            var writer = DigitWriter(buffer)
            writeDate(&writer, separator: UInt8(ascii: "-"))
            return writer.count
        }
    }

    /// `YYYYMMDD`, as far as it is known.
    var compactDate: String {
        String(unsafeUninitializedCapacity: 8) { buffer in
            var writer = DigitWriter(buffer)
            writeDate(&writer, separator: nil)
            return writer.count
        }
    }

    /// RFC 3339 from the hour on, else the date. A time without a zone is taken as China Standard Time.
    var dateTime: String {
        guard precision >= .hour else { return date }
        let offset = offsetMinutes ?? 480
        return String(unsafeUninitializedCapacity: 25) { buffer in
            var writer = DigitWriter(buffer)
            writeDate(&writer, separator: UInt8(ascii: "-"))
            for (mark, value) in [("T", civil.hour), (":", civil.minute), (":", civil.second)]
                as [(Unicode.Scalar, Int)]
            {
                writer.put(UInt8(ascii: mark))
                writer.two(value)
            }
            writer.put(UInt8(ascii: offset < 0 ? "-" : "+"))
            writer.two(abs(offset) / 60)
            writer.put(UInt8(ascii: ":"))
            writer.two(abs(offset) % 60)
            return writer.count
        }
    }

    private func writeDate(_ writer: inout DigitWriter, separator: UInt8?) {
        writer.two(civil.year / 100)
        writer.two(civil.year % 100)
        for (needed, value) in [(Precision.month, civil.month), (.day, civil.day)] where precision >= needed {
            if let separator { writer.put(separator) }
            writer.two(value)
        }
    }

    /// An instant as HL7 writes it, to the second, with the offset: `20260115093012+0800`.
    static func text(_ instant: Instant, offsetMinutes: Int = 480) -> String {
        let t = CivilTime(instant, offsetMinutes: offsetMinutes)
        let size = abs(offsetMinutes)
        return padded(t.year, 4) + padded(t.month, 2) + padded(t.day, 2) + padded(t.hour, 2) + padded(t.minute, 2)
            + padded(t.second, 2) + (offsetMinutes < 0 ? "-" : "+") + padded(size / 60, 2) + padded(size % 60, 2)
    }

    /// What an element holds (`YYYY-MM-DD` or RFC 3339) as HL7 writes it; nil when it is no time.
    static func text(element: String) -> String? {
        guard let time = HL7Time(element) else { return nil }
        var text = String(
            element.utf8.prefix(time.precision == .day ? 10 : 19)
                .compactMap { byte in
                    byte >= 48 && byte <= 57 ? Character(Unicode.Scalar(byte)) : nil
                }
        )
        if time.precision > .day, let offset = time.offsetMinutes {
            let size = abs(offset)
            text += (offset < 0 ? "-" : "+") + padded(size / 60, 2) + padded(size % 60, 2)
        }
        return text
    }
}

/// Writes ASCII digits into a string's own storage.
private struct DigitWriter {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    mutating func put(_ byte: UInt8) {
        buffer[count] = byte
        count += 1
    }

    mutating func two(_ value: Int) {
        put(48 + UInt8(value / 10 % 10))
        put(48 + UInt8(value % 10))
    }
}
