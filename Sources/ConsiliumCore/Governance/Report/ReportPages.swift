extension GovernanceReport.PerformancePage {
    /// A mean with a hidden measure in it would give that away, so it is withheld under that measure's name.
    init(_ card: Scorecard, hidden: Set<String>) {
        func score(_ score: Scorecard.Score?, of dimensions: [GovernanceDimension]) -> GovernanceReport.Score {
            let held = card.results
                .filter { result in
                    hidden.contains(result.measure.id)
                        && (result.measure.scoredIn.map { dimensions.contains($0) } ?? false)
                }
                .map(\.measure.id)
            switch score {
            case .score where !held.isEmpty: return GovernanceReport.Score(value: nil, missing: held)
            case .score(let value): return GovernanceReport.Score(value: value, missing: [])
            case .notAssessable(let missing): return GovernanceReport.Score(value: nil, missing: missing)
            case nil: return GovernanceReport.Score(value: nil, missing: [])
            }
        }
        self.init(
            dimensions: GovernanceDimension.allCases.map { dimension in
                .init(dimension: dimension, score: score(card.dimensions[dimension], of: [dimension]))
            },
            efficiency: score(card.groups[.efficiency], of: GovernanceDimension.Group.efficiency.dimensions),
            fairness: score(card.groups[.fairness], of: GovernanceDimension.Group.fairness.dimensions),
            overall: score(card.overall, of: GovernanceDimension.allCases)
        )
    }
}

extension GovernanceReport.ProfilePage {
    /// nil without an assessment of the period that says anything yet.
    init?(_ source: ReportSource) {
        guard let assessment = source.assessment, let position = assessment.position,
            let profile = assessment.profile(in: source.model)
        else { return nil }
        let agreement = AssessmentAgreement(assessment)
        self.init(
            standing: assessment.standing.rawValue,
            assessment: assessment.id.description,
            questionnaireVersion: assessment.questionnaireVersion,
            indicators: Indicator.allCases.compactMap { indicator in
                position.ratings[indicator]
                    .map { rating in
                        GovernanceReport.IndicatorRating(
                            indicator: indicator,
                            point: rating.point,
                            low: rating.low,
                            high: rating.high,
                            ratings: Self.ratings(of: indicator, assessment, source.scope),
                            codings: Self.codings(of: indicator, assessment, source.model)
                        )
                    }
            },
            readings: zip(source.model.mappings, profile.readings)
                .map { mapping, reading in
                    GovernanceReport.Reading(
                        mapping: mapping.id,
                        means: GovernanceDimension.allCases.map { dimension in
                            let modes = (profile.distances.isEmpty ? [] : source.model.modes)
                                .compactMap { mode in
                                    AutonomyPosition(mode).mean(dimension, under: mapping).map { (mode.id, $0) }
                                }
                            return GovernanceReport.DimensionMean(
                                dimension: dimension,
                                mean: reading.means[dimension],
                                difference: reading.differences[dimension],
                                modes: Dictionary(uniqueKeysWithValues: modes)
                            )
                        },
                        coherenceGap: reading.coherenceGap
                    )
                },
            distances: profile.distances.compactMap { distance in
                source.model.modes.first { $0.id == distance.mode }
                    .map { mode in
                        GovernanceReport.ModeDistance(
                            mode: mode.id,
                            name: mode.name,
                            point: distance.range.point,
                            low: distance.range.low,
                            high: distance.range.high
                        )
                    }
            },
            nearest: profile.nearest,
            agreement: agreement.map { agreement in
                GovernanceReport.Agreement(
                    items: agreement.exact.total,
                    exact: agreement.exact.count,
                    withinOne: agreement.withinOne.count,
                    kappa: source.pooledAgreement?.kappa.value,
                    kappaLow: source.pooledAgreement?.kappa.interval?.low,
                    kappaHigh: source.pooledAgreement?.kappa.interval?.high,
                    weightedKappa: source.pooledAgreement?.weightedKappa.value,
                    weightedKappaLow: source.pooledAgreement?.weightedKappa.interval?.low,
                    weightedKappaHigh: source.pooledAgreement?.weightedKappa.interval?.high,
                    alpha: source.pooledAgreement?.alpha.value,
                    alphaLow: source.pooledAgreement?.alpha.interval?.low,
                    alphaHigh: source.pooledAgreement?.alpha.interval?.high
                )
            },
            dissents: assessment.dissents.map { dissent in
                GovernanceReport.Dissent(
                    indicator: dissent.rating.indicator,
                    value: dissent.rating.value,
                    consensus: dissent.consensus
                )
            }
        )
    }
}

extension GovernanceReport.ProfilePage {
    /// Every auditor's of the item once locked; the network's own before that.
    private static func ratings(
        of indicator: Indicator,
        _ assessment: Assessment,
        _ scope: ReportSource.Scope
    ) -> [GovernanceReport.ItemRating] {
        func item(_ auditor: Int?, _ arbitrates: Bool, _ rating: Assessment.Rating) -> GovernanceReport.ItemRating {
            GovernanceReport.ItemRating(
                auditor: auditor,
                arbitrates: arbitrates,
                value: rating.value,
                halves: rating.halves,
                confidence: rating.confidence,
                evidence: rating.evidence.filter { scope == .audited || $0.kind != .event }
            )
        }
        guard assessment.standing == .audited else {
            return assessment.selfDeclaration?.ratings[indicator].map { [item(nil, false, $0)] } ?? []
        }
        return assessment.sheets.enumerated()
            .compactMap { place, sheet in sheet.ratings[indicator].map { item(place + 1, sheet.arbitrates, $0) } }
    }

    private static func codings(
        of indicator: Indicator,
        _ assessment: Assessment,
        _ model: GovernanceModel
    ) -> [GovernanceReport.ModeCoding] {
        guard assessment.standing == .audited else { return [] }
        return model.modes.compactMap { mode in
            mode.codings[indicator]
                .map { coding in
                    GovernanceReport.ModeCoding(
                        mode: mode.id,
                        name: mode.name,
                        point: coding.point,
                        low: coding.low,
                        high: coding.high,
                        phrase: coding.phrase
                    )
                }
        }
    }
}

extension GovernanceReport.MeasureCorrelation {
    /// Of every pair of scored measures, in the model's order.
    static func all(_ trends: [GovernanceReport.Trend], _ model: GovernanceModel) -> [Self] {
        let scored = model.measures.filter { $0.scoredIn != nil }
            .compactMap { measure in trends.first { $0.measure == measure.id } }
        return scored.indices.flatMap { place in
            scored[(place + 1)...]
                .compactMap { other -> Self? in
                    let pairs = zip(scored[place].points, other.points)
                        .compactMap { a, b in a.value.flatMap { a in b.value.map { (a, $0) } } }
                    let (first, second) = (scored[place].measure, other.measure)
                    return Correlation.spearman(pairs.map(\.0), pairs.map(\.1))
                        .map { Self(first: first, second: second, months: pairs.count, value: $0) }
                }
        }
    }
}

extension GovernanceReport.SensitivityPage {
    /// nil when neither an overall score nor an audited position nor a triangle index stands, nor any correlation.
    init?(
        _ card: Scorecard,
        _ source: ReportSource,
        _ triangle: TriangleIndex?,
        _ trends: [GovernanceReport.Trend]
    ) {
        let settings = Sensitivity(seed: source.seed)
        var spreads: [GovernanceReport.SensitivitySpread] = []
        func add(_ analysis: String, _ name: BilingualText, _ spread: Sensitivity.Spread?) {
            guard let spread else { return }
            spreads.append(
                .init(analysis: analysis, name: name, published: spread.published, low: spread.low, high: spread.high)
            )
        }
        let performance = PerformanceSensitivity([(source.network, card)], in: source.model, settings)
        if let unit = performance.units.first, let published = unit.published {
            add(
                "weights",
                BilingualText("overall, weights ±25 % and either mean", "总分：权重±25%及两种平均方式"),
                unit.overall
            )
            for measure in source.model.measures {
                guard let value = unit.without[measure.id] else { continue }
                spreads.append(
                    .init(
                        analysis: "leave-one-out",
                        name: BilingualText("overall without \(measure.id)", "总分，去除 \(measure.id)"),
                        published: published,
                        low: value,
                        high: value
                    )
                )
            }
        }
        let position = source.assessment.flatMap { $0.standing == .audited ? $0.position : nil }
        var nearestWithout: [GovernanceReport.NearestWithout] = []
        if let position, let profile = ProfileSensitivity(position, in: source.model, settings) {
            nearestWithout = Indicator.allCases.map { indicator in
                let modes = profile.nearestWithout[indicator] ?? []
                return GovernanceReport.NearestWithout(
                    indicator: indicator,
                    modes: modes,
                    names: modes.compactMap { id in source.model.modes.first { $0.id == id }?.name }
                )
            }
            for dimension in GovernanceDimension.allCases {
                add("mapping", dimension.name, profile.means[dimension])
            }
            add("coding", BilingualText("coherence gap", "一致性差距"), profile.coherenceGap)
            for mode in source.model.modes {
                add(
                    "coding",
                    BilingualText("distance to \(mode.name.en)", "与\(mode.name.zh)的距离"),
                    profile.distances[mode.id]
                )
            }
        }
        if let index = triangle?.value, let arithmetic = triangle?.factors?.arithmeticIndex,
            source.recorded.isSuperset(of: FactType.ofTriangle)
        {
            spreads.append(
                .init(
                    analysis: "aggregation",
                    name: BilingualText("triangle index, arithmetic mean", "三角指数：算术平均"),
                    published: index,
                    low: arithmetic,
                    high: arithmetic
                )
            )
        }
        let correlations = GovernanceReport.MeasureCorrelation.all(trends, source.model)
        guard !spreads.isEmpty || !correlations.isEmpty else { return nil }
        self.init(
            seed: settings.seed,
            replicates: settings.replicates,
            spreads: spreads,
            nearestWithout: nearestWithout,
            correlations: correlations,
            notices: [Self.ranks] + (correlations.isEmpty ? [Self.noCorrelations] : [])
        )
    }

    static let ranks = BilingualText(
        "ranks need ten networks or periods: this is one of either",
        "排名需要十个协作网或时段：此处各仅一个"
    )

    static let noCorrelations = BilingualText(
        "correlations need ten months with a value of both measures",
        "相关分析需要两项指标同有数值的十个月"
    )
}
