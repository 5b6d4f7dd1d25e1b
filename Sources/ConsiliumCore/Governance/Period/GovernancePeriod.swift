/// The days that a figure is asked for, in the network's civil time: a month, a quarter or a year.
package struct GovernancePeriod: Hashable, Sendable {
    /// `2026-09`, `2026-Q3` or `2026`.
    package let label: String
    /// From the first day to before the last.
    package let days: Range<CivilDay>

    /// nil when `label` is none of the three forms.
    package init?(_ label: some StringProtocol) {
        let isPlain = label.utf8.allSatisfy {
            (48...57).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "Q")
        }
        let parts = label.split(separator: "-", omittingEmptySubsequences: false)
        guard isPlain else { return nil }
        guard parts.count <= 2, parts[0].utf8.count == 4, let year = Int(parts[0]), (1900...9998).contains(year) else {
            return nil
        }
        let months: Range<Int>
        if parts.count == 1 {
            months = 1..<13
        } else if parts[1].first == "Q", let quarter = Int(parts[1].dropFirst()), (1...4).contains(quarter),
            parts[1].utf8.count == 2
        {
            months = (quarter * 3 - 2)..<(quarter * 3 + 1)
        } else if parts[1].utf8.count == 2, let month = Int(parts[1]), (1...12).contains(month) {
            months = month..<(month + 1)
        } else {
            return nil
        }
        self.label = String(label)
        days = Self.first(of: months.lowerBound, year)..<Self.first(of: months.upperBound, year)
    }

    private init(label: String, days: Range<CivilDay>) {
        self.label = label
        self.days = days
    }

    package var isQuarter: Bool { label.contains("Q") }

    /// The twelve months that end with this period: what a measure is asked for that is counted by the year.
    package var twelveMonths: GovernancePeriod {
        let first = days.upperBound.month(before: 12)
        let last = days.upperBound.month(before: 1)
        return GovernancePeriod(label: "\(first.month)..\(last.month)", days: first..<days.upperBound)
    }

    private static func first(of month: Int, _ year: Int) -> CivilDay {
        month == 13 ? CivilDay(year + 1, 1, 1) : CivilDay(year, month, 1)
    }
}
