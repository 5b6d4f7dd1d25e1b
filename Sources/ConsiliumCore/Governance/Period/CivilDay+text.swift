/// Days in facts and forms: `YYYY-MM-DD`.
extension CivilDay: Codable, CustomStringConvertible {
    package var description: String {
        let (year, month, day) = CivilTime.civil(fromDays: number)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// nil for anything but a real day written `YYYY-MM-DD`.
    package init?(_ text: some StringProtocol) {
        let text = String(text)
        guard text.utf8.count == 10, ApplicationFacts.isDate(text) else { return nil }
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        self.init(parts[0], parts[1], parts[2])
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let day = CivilDay(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a day: \(text)")
            )
        }
        self = day
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// Days from `b` to `a`.
    package static func - (a: CivilDay, b: CivilDay) -> Int { a.number - b.number }
}

extension CivilDay {
    /// Its first moment at `offset` minutes east of UTC.
    package func start(offsetMinutes: Int) -> Instant {
        Instant(milliseconds: Int64(number) * 86_400_000 - Int64(offsetMinutes) * 60_000)
    }
}
