/// A measure's definition as facts: goals in millionths, because facts carry no floating point.
struct MeasureFacts: Codable {
    private var id: String
    private var version: Int
    private var title: BilingualText
    private var kind: Measure.Kind
    private var dimensions: [GovernanceDimension]
    private var indicator: Indicator?
    private var scoredIn: GovernanceDimension?
    private var form: Measure.Form
    private var numerator: BilingualText
    private var denominator: BilingualText
    private var exclusions: [BilingualText]
    private var unit: Measure.Unit
    private var direction: Measure.Direction?
    private var targetE6: Int?
    private var goalE6: Int?
    private var floorE6: Int?
    private var minimum: Int
    private var counted: Measure.Counted
    private var interval: Measure.IntervalMethod
    private var period: Measure.Period
    private var needs: [FactType]
    private var hasSiteTable: Bool
    private var figure: String?

    init(_ measure: Measure) {
        id = measure.id
        version = measure.version
        title = measure.title
        kind = measure.kind
        dimensions = measure.dimensions
        indicator = measure.indicator
        scoredIn = measure.scoredIn
        form = measure.form
        numerator = measure.numerator
        denominator = measure.denominator
        exclusions = measure.exclusions
        unit = measure.unit
        direction = measure.direction
        targetE6 = measure.target.map(Self.millionths)
        goalE6 = measure.goalposts.map { Self.millionths($0.target) }
        floorE6 = measure.goalposts.map { Self.millionths($0.floor) }
        minimum = measure.minimum
        counted = measure.counted
        interval = measure.interval
        period = measure.period
        needs = measure.needs
        hasSiteTable = measure.hasSiteTable
        figure = measure.figure
    }

    var measure: Measure {
        var goalposts: Measure.Goalposts?
        if let floorE6, let goalE6 { goalposts = .init(Self.value(floorE6), Self.value(goalE6)) }
        return Measure(
            id: id,
            version: version,
            title: title,
            kind: kind,
            dimensions: dimensions,
            indicator: indicator,
            scoredIn: scoredIn,
            form: form,
            numerator: numerator,
            denominator: denominator,
            exclusions: exclusions,
            unit: unit,
            direction: direction,
            target: targetE6.map(Self.value),
            goalposts: goalposts,
            minimum: minimum,
            counted: counted,
            interval: interval,
            period: period,
            needs: needs,
            hasSiteTable: hasSiteTable,
            figure: figure
        )
    }

    /// Whether every goal of `measure` is a whole number of millionths within a million.
    static func canCarry(_ measure: Measure) -> Bool {
        [measure.target, measure.goalposts?.floor, measure.goalposts?.target]
            .allSatisfy { goal in
                guard let goal else { return true }
                return goal.isFinite && abs(goal) <= 1_000_000 && value(millionths(goal)) == goal
            }
    }

    private static func millionths(_ value: Double) -> Int { Int((value * 1_000_000).rounded()) }
    private static func value(_ millionths: Int) -> Double { Double(millionths) / 1_000_000 }
}
