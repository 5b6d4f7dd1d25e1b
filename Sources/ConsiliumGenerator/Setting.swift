import ConsiliumCore

/// What a configuration comes to: the province, the days, and how much happens on them.
struct Setting: Sendable {
    let generation: Generation
    let province: Province
    let calendar: WorkingCalendar
    let auditors: [Principal]
    /// The network is founded a week before its first request.
    let founded: Instant
    let start: Instant
    let end: Instant
    let years: ClosedRange<Int>
    let quarters: [GovernancePeriod]
    let hasCanary: Bool
    /// Requests of a middling day, in thousandths.
    let daily: Int

    /// Records that one request leads to, as measured over generated years.
    private static let recordsOfRequest = 17

    init(_ configuration: ProvinceGenerator.Configuration) throws(GeneratorError) {
        func require(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(GeneratorError) {
            guard range.contains(value) else {
                throw GeneratorError("\(name) \(value): \(range.lowerBound) to \(range.upperBound)")
            }
        }
        try require("sites", configuration.sites, 5...5_000)
        try require("months", configuration.months, 1...120)
        try require("first year", configuration.firstYear, 1_971...2_190)
        try require("first month", configuration.firstMonth, 1...12)
        let months = configuration.firstYear * 12 + configuration.firstMonth - 1
        func instant(_ months: Int) -> Instant {
            CivilTime(year: months / 12, month: months % 12 + 1, day: 1).instant(offsetMinutes: Rhythm.offsetMinutes)
        }
        start = instant(months)
        end = instant(months + configuration.months)
        founded = start - .days(7)
        let length = Int((end - start).milliseconds / 86_400_000)
        let requests: Int
        switch configuration.amount {
        case .perSiteAndMonth(let number):
            try require("requests a site and month", number, 1...100_000)
            requests = configuration.sites * number * configuration.months
        case .records(let records):
            try require("records", records, 1_000...1_000_000_000)
            requests = records / Self.recordsOfRequest
        }
        daily = requests * 1_000_000 / Self.weight(from: start, days: length)
        generation = Generation(
            seed: configuration.seed,
            version: ProvinceGenerator.version,
            gaming: configuration.gaming
        )
        // The last day of December belongs to its own year.
        let lastYear = (months + configuration.months - 1) / 12
        years = configuration.firstYear...lastYear
        let days =
            CivilDay(start, offsetMinutes: Rhythm.offsetMinutes)..<CivilDay(end, offsetMinutes: Rhythm.offsetMinutes)
        quarters = years.flatMap { year in (1...4).compactMap { GovernancePeriod("\(year)-Q\($0)") } }
            .filter { $0.days.lowerBound >= days.lowerBound && $0.days.upperBound <= days.upperBound }
        calendar = WorkingCalendar(holidays: Rhythm.holidays(years.lowerBound...years.upperBound + 1))
        hasCanary = configuration.hasCanary
        province = Province(
            sites: configuration.sites,
            daily: daily / 700 + 1,
            calendar: calendar,
            seed: configuration.seed
        )
        let seats = [province.byTier[4][0], province.byTier[3][0], province.byTier[2][0]]
        auditors = seats.map { Principal(site: $0, kind: .operator, name: "auditor") }
    }

    /// Days differ; together they bring what is wanted.
    private static func weight(from start: Instant, days: Int) -> Int {
        (0..<days)
            .reduce(0) { sum, day in
                let time = start + .days(Int64(day))
                return sum + Rhythm.weight(of: CivilTime(time, offsetMinutes: Rhythm.offsetMinutes))
            }
    }
}
