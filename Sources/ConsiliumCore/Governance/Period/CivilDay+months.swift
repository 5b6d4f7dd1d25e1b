/// Months of days.
extension CivilDay {
    /// `YYYY-MM`.
    package var month: String { String(description.dropLast(3)) }

    /// The first day of the month that is `count` months before this one's.
    func month(before count: Int) -> CivilDay {
        let (year, month, _) = CivilTime.civil(fromDays: number)
        let months = year * 12 + month - 1 - count
        return CivilDay(months / 12, months % 12 + 1, 1)
    }
}

extension Range<CivilDay> {
    /// How many days.
    var count: Int { upperBound.number - lowerBound.number }

    /// nil of no day.
    var last: CivilDay? { isEmpty ? nil : CivilDay(number: upperBound.number - 1) }

    /// `YYYY-MM` of every month in it, the oldest first.
    var months: [String] {
        var months: [String] = []
        var day = lowerBound.month(before: 0)
        while day < upperBound {
            months.append(day.month)
            day = day.month(before: -1)
        }
        return months
    }

    /// The days of some of its months, by their places.
    func days(ofMonths places: Range<Int>) -> Range<CivilDay> {
        let first = lowerBound.month(before: 0)
        return first.month(before: -places.lowerBound)..<first.month(before: -places.upperBound)
    }
}
