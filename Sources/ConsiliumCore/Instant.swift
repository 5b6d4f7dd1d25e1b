/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z.
///
/// The domain never reads a clock; an `Instant` always comes in as an argument.
package struct Instant: Hashable, Comparable, Sendable, Codable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Instant(iso8601: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an RFC 3339 time: \(text)")
            )
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(iso8601)
    }

    package static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }
    package static func + (a: Instant, b: Span) -> Instant { .init(milliseconds: a.milliseconds + b.milliseconds) }
    package static func - (a: Instant, b: Span) -> Instant { .init(milliseconds: a.milliseconds - b.milliseconds) }
    package static func - (a: Instant, b: Instant) -> Span { .init(milliseconds: a.milliseconds - b.milliseconds) }
}

/// A length of time in whole milliseconds.
package struct Span: Hashable, Comparable, Sendable, Codable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    package static func milliseconds(_ n: Int64) -> Span { .init(milliseconds: n) }
    package static func seconds(_ n: Int64) -> Span { .init(milliseconds: n * 1_000) }
    package static func minutes(_ n: Int64) -> Span { .seconds(n * 60) }
    package static func hours(_ n: Int64) -> Span { .minutes(n * 60) }
    package static func days(_ n: Int64) -> Span { .hours(n * 24) }
    package static let zero = Span(milliseconds: 0)

    package static func < (a: Span, b: Span) -> Bool { a.milliseconds < b.milliseconds }
    package static func + (a: Span, b: Span) -> Span { .init(milliseconds: a.milliseconds + b.milliseconds) }
    package static func - (a: Span, b: Span) -> Span { .init(milliseconds: a.milliseconds - b.milliseconds) }
}

/// A calendar day and time of day in some fixed offset from UTC (proleptic Gregorian).
package struct CivilTime: Equatable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour = 0
    package var minute = 0
    package var second = 0
    package var millisecond = 0

    package init(
        year: Int,
        month: Int,
        day: Int,
        hour: Int = 0,
        minute: Int = 0,
        second: Int = 0,
        millisecond: Int = 0
    ) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.millisecond = millisecond
    }

    /// The civil time of `instant` at `offset` minutes east of UTC.
    package init(_ instant: Instant, offsetMinutes: Int) {
        let total = instant.milliseconds + Int64(offsetMinutes) * 60_000
        var days = total / 86_400_000
        var rest = total % 86_400_000
        if rest < 0 {
            rest += 86_400_000
            days -= 1
        }
        (year, month, day) = Self.civil(fromDays: Int(days))
        hour = Int(rest / 3_600_000)
        minute = Int(rest / 60_000 % 60)
        second = Int(rest / 1_000 % 60)
        millisecond = Int(rest % 1_000)
    }

    /// Whether the fields name a real day and time (no 30 February, no hour 24).
    package var isValid: Bool {
        guard (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, year: year) else { return false }
        return (0...23).contains(hour) && (0...59).contains(minute) && (0...59).contains(second)
            && (0...999).contains(millisecond) && (1...9_999).contains(year)
    }

    /// The instant that these fields name at `offsetMinutes` east of UTC.
    package func instant(offsetMinutes: Int) -> Instant {
        let days = Int64(Self.days(fromCivil: year, month, day))
        let seconds = days * 86_400 + Int64(hour * 3_600 + minute * 60 + second) - Int64(offsetMinutes) * 60
        return Instant(milliseconds: seconds * 1_000 + Int64(millisecond))
    }

    /// 0 is Sunday.
    package var weekday: Int {
        let days = Self.days(fromCivil: year, month, day)
        return ((days + 4) % 7 + 7) % 7
    }

    package static func days(inMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    package static func days(fromCivil y: Int, _ m: Int, _ d: Int) -> Int {
        let y = m <= 2 ? y - 1 : y
        let era = (y >= 0 ? y : y - 399) / 400
        let yoe = y - era * 400
        let doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy
        return era * 146_097 + doe - 719_468
    }

    static func civil(fromDays z: Int) -> (Int, Int, Int) {
        let z = z + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let doe = z - era * 146_097
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100)
        let mp = (5 * doy + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        return (yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - (153 * mp + 2) / 5 + 1)
    }
}

extension Instant {
    /// RFC 3339 in UTC with milliseconds, as FHIR `instant` wants it.
    package var iso8601: String {
        let t = CivilTime(self, offsetMinutes: 0)
        return "\(padded(t.year, 4))-\(padded(t.month, 2))-\(padded(t.day, 2))T"
            + "\(padded(t.hour, 2)):\(padded(t.minute, 2)):\(padded(t.second, 2)).\(padded(t.millisecond, 3))Z"
    }

    /// Reads `YYYY-MM-DDThh:mm[:ss[.fff]](Z|±hh:mm)`; nil when anything is malformed or impossible.
    package init?(iso8601 text: String) {
        var digits = Digits(text)
        guard let year = digits.number(4), digits.skip("-"), let month = digits.number(2), digits.skip("-"),
            let day = digits.number(2), digits.skip("T"), let hour = digits.number(2), digits.skip(":"),
            let minute = digits.number(2)
        else { return nil }
        var second = 0
        var millisecond = 0
        if digits.skip(":") {
            guard let s = digits.number(2) else { return nil }
            second = s
            if digits.skip(".") {
                guard let fraction = digits.fraction() else { return nil }
                millisecond = fraction
            }
        }
        guard let offset = digits.zone(), digits.isAtEnd else { return nil }
        let civil = CivilTime(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second,
            millisecond: millisecond
        )
        guard civil.isValid else { return nil }
        self = civil.instant(offsetMinutes: offset)
    }
}

/// Left-pads a non-negative number with zeros.
package func padded(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return text.count >= width ? text : String(repeating: "0", count: width - text.count) + text
}

private struct Digits {
    var bytes: Substring.UTF8View

    init(_ text: String) { bytes = text[...].utf8 }

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func number(_ count: Int) -> Int? {
        guard bytes.count >= count else { return nil }
        var value = 0
        for byte in bytes.prefix(count) {
            guard byte >= 48, byte <= 57 else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        bytes = bytes.dropFirst(count)
        return value
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let first = bytes.first, UInt32(first) == character.value else { return false }
        bytes = bytes.dropFirst()
        return true
    }

    /// One to nine digits after the point, as whole milliseconds (the rest is cut off).
    mutating func fraction() -> Int? {
        var value = 0
        var count = 0
        while let byte = bytes.first, byte >= 48, byte <= 57 {
            if count < 3 { value = value * 10 + Int(byte - 48) }
            count += 1
            bytes = bytes.dropFirst()
        }
        guard (1...9).contains(count) else { return nil }
        while count < 3 {
            value *= 10
            count += 1
        }
        return value
    }

    mutating func zone() -> Int? {
        if skip("Z") { return 0 }
        let sign = skip("+") ? 1 : skip("-") ? -1 : 0
        guard sign != 0, let hours = number(2), skip(":"), let minutes = number(2), hours < 15, minutes < 60 else {
            return nil
        }
        return sign * (hours * 60 + minutes)
    }
}
