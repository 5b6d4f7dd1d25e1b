/// A time limit: by the wall clock, or in working time of some calendar.
package enum TimeLimit: Sendable, Equatable, Codable {
    case wall(Span)
    case working(Span)
    case workingDays(Int)

    package func due(from start: Instant, by calendar: WorkingCalendar) -> Instant {
        switch self {
        case .wall(let span): start + span
        case .working(let span): calendar.add(span, to: start)
        case .workingDays(let days):
            calendar.add(.milliseconds(calendar.workingDay.milliseconds * Int64(days)), to: start)
        }
    }

    /// The deadline after a pause: as much of it is left as there was when the pause began, counted as the limit counts.
    /// A deadline that had passed by then stays passed by as much.
    package func resumed(
        _ deadline: Instant,
        pausedAt: Instant,
        at now: Instant,
        by calendar: WorkingCalendar
    ) -> Instant {
        switch self {
        case .working where deadline > pausedAt, .workingDays where deadline > pausedAt:
            calendar.add(calendar.worked(from: pausedAt, to: deadline), to: now)
        default: deadline + (now - pausedAt)
        }
    }

    /// `10m`, `30wm` (working minutes), `4wh` (working hours), `1wd` (working days), `90s`, `24h`, `7d`, `1500ms`.
    package init?(_ text: String) {
        let digits = text.prefix { $0.isNumber }
        guard let number = Int64(digits), number >= 0, number < 1_000_000_000 else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": self = .wall(.milliseconds(number))
        case "s": self = .wall(.seconds(number))
        case "m": self = .wall(.minutes(number))
        case "h": self = .wall(.hours(number))
        case "d": self = .wall(.days(number))
        case "wm": self = .working(.minutes(number))
        case "wh": self = .working(.hours(number))
        case "wd": self = .workingDays(Int(number))
        default: return nil
        }
    }

    package var text: String {
        switch self {
        case .wall(let span):
            let n = span.milliseconds
            return n % 60_000 == 0 && n > 0 ? "\(n / 60_000)m" : n % 1_000 == 0 ? "\(n / 1_000)s" : "\(n)ms"
        case .working(let span):
            let minutes = span.milliseconds / 60_000
            return minutes % 60 == 0 ? "\(minutes / 60)wh" : "\(minutes)wm"
        case .workingDays(let days): return "\(days)wd"
        }
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = TimeLimit(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a time limit: \(text)")
            )
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// The limits of WORKFLOW.md section 2, as data: one row a priority.
package struct PriorityLimits: Sendable, Equatable, Codable {
    package var lease: TimeLimit
    package var accept: TimeLimit
    package var start: TimeLimit
    package var report: TimeLimit
    package var acknowledge: TimeLimit

    package init(lease: TimeLimit, accept: TimeLimit, start: TimeLimit, report: TimeLimit, acknowledge: TimeLimit) {
        self.lease = lease
        self.accept = accept
        self.start = start
        self.report = report
        self.acknowledge = acknowledge
    }
}

/// What a network decides for itself; every version is an event, and decisions name the version they used.
package struct NetworkPolicy: Sendable, Equatable, Codable {
    package var version: Int
    package var stat: PriorityLimits
    package var asap: PriorityLimits
    package var urgent: PriorityLimits
    package var routine: PriorityLimits
    package var informationReminder: TimeLimit
    package var informationOverdue: TimeLimit
    package var consentEvidence: TimeLimit
    package var hardStop: TimeLimit
    /// Live offers at a time for a stat request.
    package var parallelStatOffers: Int
    /// A channel is live this long after it was last heard.
    package var channelSilence: Span
    /// Gates of the coordination office; off in a network that has not staffed them.
    package var triage: Bool
    package var qualityControl: Bool
    package var calendar: WorkingCalendar
    /// Set where limits are shortened for show; printed wherever limits are.
    package var isDemonstration: Bool

    package func limits(_ priority: Priority) -> PriorityLimits {
        switch priority {
        case .stat: stat
        case .asap: asap
        case .urgent: urgent
        case .routine: routine
        }
    }

    /// The table of WORKFLOW.md section 2.
    package static let standard = NetworkPolicy(
        version: 1,
        stat: PriorityLimits(
            lease: .wall(.minutes(2)),
            accept: .wall(.minutes(10)),
            start: .wall(.minutes(15)),
            report: .wall(.hours(1)),
            acknowledge: .wall(.hours(2))
        ),
        asap: PriorityLimits(
            lease: .wall(.minutes(15)),
            accept: .wall(.hours(1)),
            start: .wall(.hours(4)),
            report: .wall(.hours(24)),
            acknowledge: .workingDays(2)
        ),
        urgent: PriorityLimits(
            lease: .working(.hours(2)),
            accept: .working(.hours(4)),
            start: .workingDays(1),
            report: .workingDays(1),
            acknowledge: .workingDays(2)
        ),
        routine: PriorityLimits(
            lease: .workingDays(1),
            accept: .workingDays(1),
            start: .workingDays(2),
            report: .workingDays(2),
            acknowledge: .workingDays(2)
        ),
        informationReminder: .workingDays(1),
        informationOverdue: .workingDays(3),
        consentEvidence: .wall(.hours(24)),
        hardStop: .wall(.days(7)),
        parallelStatOffers: 3,
        channelSilence: .minutes(5),
        triage: false,
        qualityControl: false,
        calendar: .standard,
        isDemonstration: false
    )
}
