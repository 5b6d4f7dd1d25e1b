/// A calendar day in the network's civil time: what counts are kept by.
package struct CivilDay: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    package var number: Int

    package init(number: Int) { self.number = number }

    package init(_ year: Int, _ month: Int, _ day: Int) {
        number = CivilTime.days(fromCivil: year, month, day)
    }

    /// The day of `instant` at `offset` minutes east of UTC.
    package init(_ instant: Instant, offsetMinutes: Int) {
        let milliseconds = instant.milliseconds + Int64(offsetMinutes) * 60_000
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        self.init(number: Int(rest < 0 ? days - 1 : days))
    }

    package static func < (a: CivilDay, b: CivilDay) -> Bool { a.number < b.number }
}
