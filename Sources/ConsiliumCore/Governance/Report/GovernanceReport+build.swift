extension GovernanceReport {
    /// The days whose totals a report needs for its trends: the period, and the eleven months before its last.
    package static func trend(of period: GovernancePeriod) -> Range<CivilDay> {
        let first = period.days.upperBound.month(before: 12)
        return min(first, period.days.lowerBound)..<period.days.upperBound
    }

    /// Every page of the report. Pure: equal sources give equal bytes.
    ///
    /// - Throws: `Refusal` when the model's measures and the observations do not fit each other.
    package init(_ source: ReportSource) throws(Refusal) {
        let bootstrap = Bootstrap(seed: source.seed)
        var observations = source.registered
        for measure in source.model.measures where observations[measure.id] == nil {
            // A capacity stands on every day to come, and nobody has had that time yet.
            let isCapacity = measure.counts == .slotMinutes
            observations[measure.id] = source.tally.observation(
                of: measure,
                period: isCapacity ? source.endedDays : source.period.days,
                recorded: source.recorded,
                bootstrap: bootstrap
            )
        }
        guard let card = Scorecard(observations, recorded: source.recorded, in: source.model) else {
            throw Refusal(.invalidValue, at: "model", source.model.version)
        }
        let isSuppressed = source.scope == .published
        let published = isSuppressed ? PublishedCounts(source.totals, source.period.days) : nil
        let strata = MeasureStrata(source)
        network = source.network
        period = Period(
            label: source.period.label,
            from: source.period.days.lowerBound.description,
            to: source.period.days.upperBound.description
        )
        modelVersion = source.model.version
        isRetrospective = source.isRetrospective
        isGenerated = source.isGenerated
        snapshot = source.snapshot
        self.isSuppressed = isSuppressed
        notices = Self.notices(source)
        let lines = card.results.map { MeasureLine($0, source, published) }
        measures = lines
        performance = PerformancePage(card, hidden: Set(lines.filter { $0.standing == .suppressed }.map(\.id)))
        profile = ProfilePage(source)
        let days = source.period.days
        let index = TriangleIndex(
            sites: source.tally.triangle(period: days),
            secondRating: source.tally.secondRating(period: days),
            bootstrap: bootstrap
        )
        triangle = TrianglePage(source, index, bootstrap, published, areTiersHidden: strata.areTiersHidden)
        sensitivity = isSuppressed ? nil : SensitivityPage(card, source, index, strata.trends)
        tables = strata.tables
        funnels = isSuppressed ? [] : strata.funnels
        trends = strata.trends
        flows = strata.flows
    }

    private static func notices(_ source: ReportSource) -> [BilingualText] {
        (source.isGenerated ? [Notice.generated] : []) + [Notice.ownMeasures, Notice.exactCounts, Notice.equalWeights]
            + (source.isRetrospective ? [Notice.retrospective] : [])
            + (source.isWindowRetrospective && !source.isRetrospective ? [Notice.retrospectiveWindow] : [])
            + (source.today == nil ? [] : [Notice.running])
            + (source.scope == .published ? [Notice.suppressed] : [])
    }

    /// What must be said with every report, and with each mark that a report bears.
    package enum Notice {
        package static let generated = BilingualText(
            "GENERATED HISTORY: no patient, case or hospital in it is real",
            "生成的历史数据：其中没有真实的患者、病例或医院"
        )
        package static let ownMeasures = BilingualText(
            "measures are this project's own; none is a Preker-Harding score: those indicators are assessed by auditors",
            "各项指标为本项目自定，均非 Preker-Harding 评分；八项治理指标由审计员评估"
        )
        package static let exactCounts = BilingualText(
            "observed counts are exact; an interval speaks of the process, not of sampling",
            "计数为精确值；区间描述过程的不确定性，而非抽样误差"
        )
        package static let equalWeights = BilingualText(
            "equal weights and the goalposts are choices of this project, not findings",
            "等权重与评分区间是本项目的选择，并非研究结论"
        )
        package static let retrospective = BilingualText(
            "Retrospective: no auditor had adopted this version before the period began",
            "追溯：该版本在本期开始前未经审计员采纳"
        )
        package static let retrospectiveWindow = BilingualText(
            "figures over twelve months are retrospective: no auditor had adopted this version before those months began",
            "十二个月窗口的数值为追溯：该版本在窗口开始前未经审计员采纳"
        )
        package static let running = BilingualText(
            "the period goes on: its figures will change",
            "该时段尚未结束，数值还会变化"
        )
        package static let suppressed = BilingualText(
            "counts of 1 to 10 are hidden, with those that would give them away",
            "1至10的计数已隐藏，可推算出它们的计数也一并隐藏"
        )
    }
}
