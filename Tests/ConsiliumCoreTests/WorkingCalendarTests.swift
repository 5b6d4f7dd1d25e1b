import Testing

@testable import ConsiliumCore

@Suite struct WorkingCalendarTests {
    private let standard = WorkingCalendar.standard

    private func add(_ span: Span, _ start: String, _ calendar: WorkingCalendar = .standard) -> String {
        let t = CivilTime(calendar.add(span, to: Scenery.time(start + ":00+08:00")), offsetMinutes: 480)
        return
            "\(padded(t.year, 4))-\(padded(t.month, 2))-\(padded(t.day, 2))T\(padded(t.hour, 2)):\(padded(t.minute, 2))"
    }

    @Test("Working time skips the lunch break, the night and the weekend")
    func breaks() {
        #expect(add(.hours(1), "2026-03-02T09:00") == "2026-03-02T10:00")
        #expect(add(.hours(4), "2026-03-02T09:00") == "2026-03-02T15:00")
        #expect(add(.hours(3), "2026-03-02T09:00") == "2026-03-02T12:00")
        #expect(add(.hours(3) + .milliseconds(1), "2026-03-02T09:00") == "2026-03-02T14:00")
        #expect(add(.hours(2), "2026-03-02T17:00") == "2026-03-03T09:30")
        #expect(add(.hours(1), "2026-03-06T17:00") == "2026-03-09T08:30")
    }

    @Test("A start outside working hours counts from the next opening")
    func outside() {
        #expect(add(.hours(1), "2026-03-02T06:00") == "2026-03-02T09:00")
        #expect(add(.hours(1), "2026-03-02T12:30") == "2026-03-02T15:00")
        #expect(add(.hours(1), "2026-03-02T17:30") == "2026-03-03T09:00")
        #expect(add(.minutes(30), "2026-03-07T10:00") == "2026-03-09T08:30")
        #expect(add(.minutes(30), "2026-03-02T00:00") == "2026-03-02T08:30")
        #expect(add(.minutes(30), "2026-03-02T23:59") == "2026-03-03T08:30")
    }

    @Test("Holidays are skipped, make-up days are worked")
    func exceptions() {
        let calendar = WorkingCalendar(
            holidays: ["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"],
            makeUpDays: ["2026-10-10"]
        )
        #expect(add(.hours(1), "2026-09-30T17:00", calendar) == "2026-10-08T08:30")
        #expect(add(.hours(1), "2026-10-09T17:00", calendar) == "2026-10-10T08:30")
        #expect(add(.hours(8), "2026-10-10T08:00", calendar) == "2026-10-12T08:30")
        let both = WorkingCalendar(holidays: ["2026-10-10"], makeUpDays: ["2026-10-10"])
        #expect(add(.hours(1), "2026-10-10T08:00", both) == "2026-10-12T09:00", "a holiday is the last word")
    }

    @Test("The year ends like any other day, the leap day too")
    func yearEnd() {
        #expect(add(.hours(1), "2026-12-31T17:00") == "2027-01-01T08:30")
        let calendar = WorkingCalendar(holidays: ["2027-01-01"])
        #expect(add(.hours(1), "2026-12-31T17:00", calendar) == "2027-01-04T08:30")
        #expect(add(.hours(1), "2028-02-28T17:00") == "2028-02-29T08:30")
    }

    @Test("No time or less ends where it began; a day that never comes falls back to the wall clock")
    func degenerate() {
        #expect(add(.zero, "2026-03-07T10:00") == "2026-03-07T10:00")
        #expect(add(.hours(-3), "2026-03-07T10:00") == "2026-03-07T10:00")
        let closed = WorkingCalendar(weekdays: [], shifts: [])
        #expect(add(.hours(5), "2026-03-02T09:00", closed) == "2026-03-02T14:00")
        #expect(add(.hours(30), "2026-03-07T10:00", .always) == "2026-03-08T16:00")
        #expect(WorkingCalendar.always.workingDay == .hours(24))
        #expect(standard.workingDay == .minutes(450))
    }

    @Test("Another offset from UTC has its own midnight")
    func offsets() {
        let west = WorkingCalendar(offsetMinutes: -300)
        let due = west.add(.hours(1), to: Scenery.time("2026-03-02T22:00:00-05:00"))
        #expect(due == Scenery.time("2026-03-03T09:00:00-05:00"))
    }

    @Test("Working time between two moments is what must be added to get from one to the other")
    func inverse() {
        var random = SeededGenerator(seed: 3)
        let calendar = WorkingCalendar(holidays: ["2026-03-04"], makeUpDays: ["2026-03-07"])
        for _ in 0..<300 {
            let start = Scenery.monday + .minutes(Int64.random(in: 0..<20_000, using: &random))
            let span = Span.minutes(Int64.random(in: 1..<3_000, using: &random))
            let end = calendar.add(span, to: start)
            #expect(calendar.worked(from: start, to: end) == span)
            #expect(end > start)
        }
        #expect(calendar.worked(from: Scenery.monday, to: Scenery.monday) == .zero)
        #expect(calendar.worked(from: Scenery.monday, to: Scenery.monday - .days(1)) == .zero)
        #expect(calendar.worked(from: Scenery.monday, to: Scenery.monday + .days(1)) == calendar.workingDay)
    }

    @Test("More work is never due earlier")
    func monotone() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<200 {
            let start = Scenery.monday + .minutes(Int64.random(in: 0..<20_000, using: &random))
            let short = Span.minutes(Int64.random(in: 0..<2_000, using: &random))
            #expect(standard.add(short, to: start) <= standard.add(short + .minutes(1), to: start))
            #expect(standard.add(short, to: start) <= standard.add(short, to: start + .minutes(1)))
        }
    }

    @Test("A calendar with overlapping, reversed or endless shifts is not valid")
    func validity() {
        #expect(standard.isValid && WorkingCalendar.always.isValid)
        for shifts: [WorkingCalendar.Shift] in [
            [.init(from: 480, to: 480)], [.init(from: 500, to: 480)], [.init(from: 0, to: 1_441)],
            [.init(from: -1, to: 10)], [.init(from: 0, to: 100), .init(from: 99, to: 200)],
        ] { #expect(!WorkingCalendar(shifts: shifts).isValid) }
        #expect(!WorkingCalendar(weekdays: [-1]).isValid)
        #expect(!WorkingCalendar(makeUpDays: ["2026-10"]).isValid)
        #expect(!WorkingCalendar(holidays: ["2025-02-29"]).isValid)
        #expect(!WorkingCalendar(offsetMinutes: 841).isValid)
    }
}

@Suite struct TimeLimitTests {
    @Test(
        "A limit is read from its text",
        arguments: [
            ("1500ms", TimeLimit.wall(.milliseconds(1_500))), ("90s", .wall(.seconds(90))),
            ("10m", .wall(.minutes(10))),
            ("24h", .wall(.hours(24))), ("7d", .wall(.days(7))), ("30wm", .working(.minutes(30))),
            ("4wh", .working(.hours(4))), ("2wd", .workingDays(2)), ("0s", .wall(.zero)),
        ]
    )
    func reads(_ text: String, _ limit: TimeLimit) throws {
        #expect(TimeLimit(text) == limit)
        #expect(TimeLimit(limit.text) == limit, "\(limit.text) says the same")
    }

    @Test(
        "Anything else is not a limit",
        arguments: [
            "", "10", "m", "-1m", "1.5h", "10 m", "10M", "1w", "10m ", "１０m", "1000000000s", "ten minutes", "5wd5",
        ]
    )
    func refuses(_ text: String) { #expect(TimeLimit(text) == nil) }

    @Test("Working days are as long as the calendar's")
    func days() {
        let start = Scenery.time("2026-03-02T09:00:00+08:00")
        #expect(TimeLimit.workingDays(1).due(from: start, by: .standard) == start + .days(1))
        #expect(TimeLimit.workingDays(1).due(from: start, by: .always) == start + .days(1))
        #expect(TimeLimit.workingDays(5).due(from: start, by: .standard) == start + .days(7))
        #expect(TimeLimit.wall(.days(1)).due(from: start, by: .standard) == start + .days(1))
    }

    @Test("A deadline that had passed when the clock was paused stays passed")
    func overdue() {
        let pausedAt = Scenery.monday
        let now = pausedAt + .hours(5)
        for limit in [TimeLimit.workingDays(1), .working(.hours(4)), .wall(.hours(1))] {
            #expect(limit.resumed(pausedAt - .hours(1), pausedAt: pausedAt, at: now, by: .standard) == now - .hours(1))
        }
        #expect(
            TimeLimit.wall(.hours(1)).resumed(pausedAt + .minutes(9), pausedAt: pausedAt, at: now, by: .standard)
                == now + .minutes(9)
        )
    }

    @Test("The table of the network: every priority, and what the workflow reference says")
    func table() {
        let policy = NetworkPolicy.standard
        let limits = Priority.allCases.map { policy.limits($0) }
        #expect(limits.map(\.lease.text) == ["2m", "15m", "2wh", "1wd"])
        #expect(limits.map(\.accept.text) == ["10m", "60m", "4wh", "1wd"])
        #expect(limits.map(\.start.text).prefix(2) == ["15m", "240m"])
        #expect(limits.map(\.report.text) == ["60m", "1440m", "1wd", "2wd"])
        #expect(limits.map(\.acknowledge.text) == ["120m", "2wd", "2wd", "2wd"])
        #expect(policy.hardStop == .wall(.days(7)))
        #expect(policy.consentEvidence == .wall(.hours(24)))
        #expect(policy.informationReminder == .workingDays(1) && policy.informationOverdue == .workingDays(3))
        #expect(policy.parallelStatOffers == 3 && policy.channelSilence == .minutes(5))
        #expect(!policy.triage && !policy.qualityControl && !policy.isDemonstration)
    }
}
