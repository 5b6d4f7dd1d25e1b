/// When a site works: weekly hours, minus holidays, plus make-up days (调休), at a fixed offset from UTC.
package struct WorkingCalendar: Sendable, Equatable, Codable {
    /// Minutes after midnight.
    package struct Shift: Sendable, Equatable, Codable {
        package var from: Int
        package var to: Int
        package init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }
    }

    package var offsetMinutes: Int
    /// 0 is Sunday.
    package var weekdays: [Int]
    package var shifts: [Shift]
    /// `YYYY-MM-DD`: closed although a weekday.
    package var holidays: [String]
    /// `YYYY-MM-DD`: open although not a weekday.
    package var makeUpDays: [String]

    package init(
        offsetMinutes: Int = 480,
        weekdays: [Int] = [1, 2, 3, 4, 5],
        shifts: [Shift] = [Shift(from: 480, to: 720), Shift(from: 840, to: 1_050)],
        holidays: [String] = [],
        makeUpDays: [String] = []
    ) {
        self.offsetMinutes = offsetMinutes
        self.weekdays = weekdays
        self.shifts = shifts
        self.holidays = holidays
        self.makeUpDays = makeUpDays
    }

    /// Monday to Friday 08:00-12:00 and 14:00-17:30, Asia/Shanghai (WORKFLOW.md section 2).
    package static let standard = WorkingCalendar()

    /// Open round the clock.
    package static let always = WorkingCalendar(
        weekdays: [0, 1, 2, 3, 4, 5, 6],
        shifts: [Shift(from: 0, to: 1_440)]
    )

    /// The length of one working day.
    package var workingDay: Span {
        .minutes(Int64(shifts.reduce(0) { $0 + max(0, $1.to - $1.from) }))
    }

    /// Shifts that follow each other within a day, on days that exist; at most 14 hours from UTC.
    package var isValid: Bool {
        var end = 0
        for shift in shifts {
            guard shift.from >= end, shift.to > shift.from, shift.to <= 1_440 else { return false }
            end = shift.to
        }
        return (-840...840).contains(offsetMinutes) && weekdays.allSatisfy { (0...6).contains($0) }
            && (holidays + makeUpDays).allSatisfy { $0.utf8.count == 10 && ApplicationFacts.isDate($0) }
    }

    private func isOpen(_ day: CivilTime) -> Bool {
        if holidays.isEmpty, makeUpDays.isEmpty { return weekdays.contains(day.weekday) }
        let name = "\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))"
        if holidays.contains(name) { return false }
        return makeUpDays.contains(name) || weekdays.contains(day.weekday)
    }

    /// The instant at which `span` of working time has passed since `start`.
    ///
    /// A calendar that never opens within ten years falls back to the wall clock: a deadline must exist.
    package func add(_ span: Span, to start: Instant) -> Instant {
        var left = span.milliseconds
        if left <= 0 { return start }
        let offset = Int64(offsetMinutes) * 60_000
        var dayStart = (start.milliseconds + offset) / 86_400_000 * 86_400_000 - offset
        for _ in 0..<3_660 {
            if isOpen(CivilTime(Instant(milliseconds: dayStart), offsetMinutes: offsetMinutes)) {
                for shift in shifts {
                    let from = max(dayStart + Int64(shift.from) * 60_000, start.milliseconds)
                    let to = dayStart + Int64(shift.to) * 60_000
                    guard to > from else { continue }
                    if to - from >= left { return Instant(milliseconds: from + left) }
                    left -= to - from
                }
            }
            dayStart += 86_400_000
        }
        return start + span
    }

    /// Working time between two instants; zero when the second is not later.
    ///
    /// Looks ten years ahead at most, as `add` does.
    package func worked(from start: Instant, to end: Instant) -> Span {
        let offset = Int64(offsetMinutes) * 60_000
        var dayStart = (start.milliseconds + offset) / 86_400_000 * 86_400_000 - offset
        var total: Int64 = 0
        let last = min(end, start + .days(3_660)).milliseconds
        while dayStart < last {
            if isOpen(CivilTime(Instant(milliseconds: dayStart), offsetMinutes: offsetMinutes)) {
                for shift in shifts {
                    let from = max(dayStart + Int64(shift.from) * 60_000, start.milliseconds)
                    let to = min(dayStart + Int64(shift.to) * 60_000, end.milliseconds)
                    total += max(0, to - from)
                }
            }
            dayStart += 86_400_000
        }
        return .milliseconds(total)
    }
}
