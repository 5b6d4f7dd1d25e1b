import ConsiliumCore
import Foundation

/// Times as a person at this machine reads them.
enum LocalTime {
    /// `2026-03-01 08:15:30` in the machine's time zone; a text that is no RFC 3339 time stays as it is.
    static func text(_ iso8601: String, zone: TimeZone = .current) -> String {
        guard let instant = Instant(iso8601: iso8601) else { return iso8601 }
        let date = Date(timeIntervalSince1970: Double(instant.milliseconds) / 1_000)
        let t = CivilTime(instant, offsetMinutes: zone.secondsFromGMT(for: date) / 60)
        return "\(padded(t.year, 4))-\(padded(t.month, 2))-\(padded(t.day, 2))"
            + " \(padded(t.hour, 2)):\(padded(t.minute, 2)):\(padded(t.second, 2))"
    }

    /// `3m 20s left` or `2h 5m over`.
    static func distance(to iso8601: String, from now: Instant, _ language: Language) -> String {
        guard let instant = Instant(iso8601: iso8601) else { return iso8601 }
        let seconds = (instant - now).milliseconds / 1_000
        let length = span(seconds: abs(seconds))
        if seconds >= 0 { return language == .zh ? "剩 \(length)" : "\(length) left" }
        return language == .zh ? "超 \(length)" : "\(length) over"
    }

    /// The two largest units: `2d 3h`, `5m 10s`, `40s`.
    static func span(seconds: Int64) -> String {
        let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")]
        guard let first = units.firstIndex(where: { seconds >= $0.0 }) else { return "0s" }
        let head = seconds / units[first].0
        guard first + 1 < units.count else { return "\(head)s" }
        let tail = seconds % units[first].0 / units[first + 1].0
        return tail == 0 ? "\(head)\(units[first].1)" : "\(head)\(units[first].1) \(tail)\(units[first + 1].1)"
    }

    static var now: Instant { Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down))) }
}
