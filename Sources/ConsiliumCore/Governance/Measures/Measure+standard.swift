extension Measure {
    /// The 33 measures of this project.
    package static let standard: [Measure] = ofEfficiency + ofFairness

    /// What no measure counts: a case that was entered in error never was one.
    package static let enteredInError = BilingualText("cases entered in error", "误录入的会诊")

    /// With the defaults of DOMAIN.md section 3: a proportion in percent, Wilson's interval, at least 30, by month or
    /// quarter. A scored measure's target is the end of its goalposts.
    init(
        _ id: String,
        _ kind: Kind,
        _ dimensions: [GovernanceDimension],
        title: BilingualText,
        indicator: Indicator? = nil,
        scoredIn: GovernanceDimension? = nil,
        form: Form = .proportion,
        numerator: BilingualText,
        denominator: BilingualText,
        unit: Unit = .percent,
        direction: Direction? = nil,
        target: Double? = nil,
        goalposts: Goalposts? = nil,
        minimum: Int = 30,
        counted: Counted = .denominator,
        interval: IntervalMethod = .wilson,
        period: Period = .monthOrQuarter,
        needs: [FactType],
        hasSiteTable: Bool = false
    ) {
        self.init(
            id: id,
            version: 1,
            title: title,
            kind: kind,
            dimensions: dimensions,
            indicator: indicator,
            scoredIn: scoredIn,
            form: form,
            numerator: numerator,
            denominator: denominator,
            exclusions: [Self.enteredInError],
            unit: unit,
            direction: direction,
            target: target ?? goalposts?.target,
            goalposts: goalposts,
            minimum: minimum,
            counted: counted,
            interval: interval,
            period: period,
            needs: needs,
            hasSiteTable: hasSiteTable
        )
    }
}
