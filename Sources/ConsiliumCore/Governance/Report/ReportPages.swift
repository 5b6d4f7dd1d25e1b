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
            indicators: Indicator.allCases.compactMap { indicator in
                position.ratings[indicator]
                    .map { .init(indicator: indicator, point: $0.point, low: $0.low, high: $0.high) }
            },
            readings: source.model.mappings.map { mapping in
                GovernanceReport.Reading(
                    mapping: mapping.id,
                    means: GovernanceDimension.allCases.map { dimension in
                        let modes = source.model.modes.compactMap { mode in
                            AutonomyPosition(mode).mean(dimension, under: mapping).map { (mode.id, $0) }
                        }
                        return GovernanceReport.DimensionMean(
                            dimension: dimension,
                            mean: position.mean(dimension, under: mapping),
                            modes: Dictionary(uniqueKeysWithValues: modes)
                        )
                    },
                    coherenceGap: position.coherenceGap(under: mapping)
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

extension GovernanceReport.SensitivityPage {
    /// nil when neither an overall score nor an audited position nor a triangle index stands.
    init?(_ card: Scorecard, _ source: ReportSource, _ triangle: TriangleIndex?) {
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
        if let position, let profile = ProfileSensitivity(position, in: source.model, settings) {
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
        guard !spreads.isEmpty else { return nil }
        self.init(
            seed: settings.seed,
            replicates: settings.replicates,
            spreads: spreads,
            notices: [
                BilingualText(
                    "One network and one period: no rank and no correlation before there are ten.",
                    "仅有一个协作网、一个时段：不足十个时不作排名与相关分析。"
                )
            ]
        )
    }
}
