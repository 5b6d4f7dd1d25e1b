import ConsiliumCore

extension TerminalReport {
    /// One measure: its definition, its figure, then its strata, trend and the sites outside the funnel.
    mutating func measure(_ line: GovernanceReport.MeasureLine) {
        let text = MeasureText(line, language)
        let isChinese = language == .zh
        heading("\(DisplayWidth.harmless(line.id)) \(text.title)")
        let scored = line.scoredIn.map { "\($0.rawValue) \(word($0.name))" } ?? word(Words.neverScored)
        let bounds = [
            line.direction.map { word(Words.name($0)) }, text.target.isEmpty ? nil : text.target,
            line.floor.map { (isChinese ? "起点 " : "floor ") + MeasureText.plain($0) },
        ]
        let fields: [(String, String)] = [
            (isChinese ? "定义版本" : "definition", "\(line.version)"),
            (isChinese ? "类型" : "type", word(Words.name(line.kind))),
            (isChinese ? "计分维度" : "scored in", scored),
            (isChinese ? "分子" : "numerator", word(line.numeratorText)),
            (isChinese ? "分母" : "denominator", word(line.denominatorText)),
            (isChinese ? "不计入" : "exclusions", Figures.list(line.exclusions.map(word), language)),
            (isChinese ? "目标" : "target", bounds.compactMap(\.self).joined(separator: " · ")),
            (isChinese ? "最少数量" : "at least", "\(line.minimum)"),
            (isChinese ? "区间" : "interval by", word(Words.name(line.intervalMethod))),
            (isChinese ? "计数" : "counts", text.counts), (isChinese ? "数值" : "value", text.value),
            (isChinese ? "95 % 区间" : "95 % interval", text.interval),
            (isChinese ? "状态" : "standing", text.standing), (isChinese ? "结论" : "verdict", text.verdict),
            (isChinese ? "得分" : "score", line.score.map { Figures.score($0) } ?? ""),
            (isChinese ? "标记" : "marks", text.marks.joined(separator: " · ")),
            (isChinese ? "一并列出" : "beside it", text.companions.joined(separator: " · ")),
            (isChinese ? "源头核查" : "source", text.source),
        ]
        for (name, value) in fields where !value.isEmpty { row([name, value], [14]) }
        let unit = line.unit.rawValue
        for table in report.tables where table.measure == line.id {
            let what = table.figureName.map { word($0) + " · " } ?? ""
            heading(what + word(table.by.name))
            for stratum in table.rows { self.stratum(stratum, unit: table.figure == nil ? unit : "%") }
        }
        for trend in report.trends where trend.measure == line.id {
            heading(isChinese ? "趋势" : "Trend")
            for point in trend.points {
                let figure = FigureText(point, isSuppressed: report.isSuppressed, unit: unit, language)
                row([DisplayWidth.harmless(point.period), figure.counts, figure.value, figure.interval], [32, 14, 12])
            }
        }
        for plot in report.funnels where plot.measure == line.id { funnel(plot) }
    }

    private mutating func stratum(_ stratum: GovernanceReport.StratumRow, unit: String) {
        let figure = FigureText(stratum, unit: unit, language)
        row([FigureText.name(stratum, language), figure.counts, figure.value, figure.interval], [32, 14, 12])
    }

    private mutating func funnel(_ plot: GovernanceReport.FunnelPlot) {
        let isChinese = language == .zh
        let centre = Figures.value(plot.centre * 100, unit: "%", language)
        heading(isChinese ? "漏斗图：中心 \(centre)" : "Funnel plot: centre \(centre)")
        let outside = plot.points.filter { $0.isOutside95 || $0.isOutside998 }
        add(
            isChinese
                ? "\(plot.points.count) 家机构，其中 \(outside.count) 家在 95 % 界限之外"
                : "\(plot.points.count) sites, \(outside.count) of them outside the 95 % limits"
        )
        for point in outside {
            let limit = point.isOutside998 ? "99.8 %" : "95 %"
            row(
                [
                    DisplayWidth.harmless(point.site), "n = \(point.total)",
                    Figures.value(point.value * 100, unit: "%", language),
                    isChinese ? "在 \(limit) 界限之外" : "outside the \(limit) limits",
                ],
                [32, 14, 12]
            )
        }
    }

    mutating func triangle(isWhole: Bool) {
        let page = report.triangle
        let isChinese = language == .zh
        heading(word(Words.triangle))
        add(TriangleText.index(page, language), indent: 2)
        for obstacle in page.obstacles { add("· " + word(obstacle), indent: 2) }
        for component in page.components {
            let figure = TriangleText.component(component, language)
            row(
                ["\(DisplayWidth.harmless(component.id)) \(word(component.name))", figure.counts, figure.value],
                [32, 14]
            )
        }
        if isWhole {
            picture(page)
            add(TriangleText.shape(page, language))
            flows()
        } else if !page.sharesByTier.isEmpty {
            let shares = zip(Tier.allCases, page.sharesByTier)
                .map { tier, share in "\(word(tier.name)) \(Figures.value(share * 100, unit: "%", language))" }
            add((isChinese ? "最终解决层级：" : "finally resolved at: ") + shares.joined(separator: " · "), indent: 2)
        }
        for notice in page.notices { add("· " + word(notice), indent: 2) }
    }

    private static let pictureWidth = 48

    /// Centred bars, the national tier on top, as in `TrianglePicture`: a positive triangle stands on its base.
    private mutating func picture(_ page: GovernanceReport.TrianglePage) {
        guard page.sharesByTier.count == Tier.allCases.count, let most = page.sharesByTier.max(), most > 0 else {
            return
        }
        heading(TriangleText.pictureTitle(language))
        for (tier, share) in zip(Tier.allCases, page.sharesByTier).reversed() {
            // An even number of squares, as many on either side of the middle; none only where nothing was resolved.
            let half = share > 0 ? max(1, Int((share / most * Double(Self.pictureWidth / 2)).rounded())) : 0
            let margin = String(repeating: " ", count: Self.pictureWidth / 2 - half)
            let bar = margin + String(repeating: "█", count: 2 * half)
            row([word(tier.name), bar, Figures.value(share * 100, unit: "%", language)], [12, Self.pictureWidth])
        }
        blank()
    }

    private mutating func flows() {
        guard !report.flows.isEmpty else { return }
        let isChinese = language == .zh
        heading(isChinese ? "来源层级 → 最终解决层级（病例数）" : "Origin → final tier (episodes)")
        row([""] + Tier.allCases.map { "→ " + word($0.name) }, [14, 12, 12, 12, 12])
        for origin in Tier.allCases {
            let cells = Tier.allCases.map { TriangleText.flow(report.flows, origin, $0, language) }
            row([word(origin.name)] + cells, [14, 12, 12, 12, 12])
        }
    }

    mutating func profile(isWhole: Bool) {
        heading(word(Words.profile))
        guard let page = report.profile else { return add(word(Words.noAssessment)) }
        add(ProfileText.standing(page, language), indent: 2)
        let nearest = ProfileText.nearest(page, language)
        if !nearest.isEmpty { add(nearest, indent: 2) }
        add(word(Words.notMerit), indent: 2)
        if isWhole {
            blank()
            for rating in page.indicators {
                row(
                    ["\(rating.indicator.rawValue) \(word(rating.indicator.name))", ProfileText.rating(rating)],
                    [44]
                )
            }
            ratings(page)
            for reading in page.readings { self.reading(reading) }
            if !page.distances.isEmpty { heading(word(ProfileText.distances)) }
            for distance in page.distances { row([word(distance.name), ProfileText.distance(distance)], [44]) }
        }
        for sentence in ProfileText.agreement(page, language) { add("· " + sentence, indent: 2) }
    }

    private mutating func ratings(_ page: GovernanceReport.ProfilePage) {
        let isChinese = language == .zh
        heading(word(ProfileText.ratings))
        for indicator in page.indicators {
            add("\(indicator.indicator.rawValue) \(word(indicator.indicator.name))")
            for rating in indicator.ratings {
                let confidence = (isChinese ? "把握 " : "confidence ") + ProfileText.confidence(rating, language)
                let parts = [ProfileText.auditor(rating, language), ProfileText.value(rating), confidence]
                add("  " + parts.joined(separator: " · "), indent: 4)
                let evidence = ProfileText.evidence(rating, language)
                if !evidence.isEmpty { add((isChinese ? "    证据：" : "    evidence: ") + evidence, indent: 6) }
            }
        }
        guard page.indicators.contains(where: { !$0.codings.isEmpty }) else { return }
        heading(word(ProfileText.codings))
        for indicator in page.indicators {
            add("\(indicator.indicator.rawValue) \(word(indicator.indicator.name))")
            for coding in indicator.codings {
                row(["  " + word(coding.name), ProfileText.code(coding), ProfileText.phrase(coding)], [44, 8])
            }
        }
    }

    private mutating func reading(_ reading: GovernanceReport.Reading) {
        heading(word(Words.mapping(reading.mapping)))
        for mean in reading.means {
            let value = mean.mean.map { Figures.fixed($0, 2) } ?? word(Words.noValue)
            let difference = mean.difference.map { " (\(Figures.signed($0)))" } ?? ""
            row(["\(mean.dimension.rawValue) \(word(mean.dimension.name))", value + difference], [44])
        }
        if reading.means.contains(where: { $0.difference != nil }) { add(word(ProfileText.difference)) }
        if let gap = reading.coherenceGap {
            row([word(ProfileText.coherenceGap), Figures.fixed(gap, 2)], [44])
        }
    }

    mutating func sensitivity() {
        let isChinese = language == .zh
        heading(word(Words.sensitivity))
        guard let page = report.sensitivity else { return add(word(Words.noSensitivity)) }
        add(
            isChinese
                ? "\(page.replicates) 次重算，种子 \(page.seed)；区间为 5 % 至 95 %"
                : "\(page.replicates) replicates, seed \(page.seed); ranges from 5 % to 95 %"
        )
        let heads = isChinese ? ["变化项", "结果", "公布值", "区间"] : ["VARIED", "RESULT", "PUBLISHED", "RANGE"]
        if !page.spreads.isEmpty { row(heads, [16, 48, 10]) }
        for spread in page.spreads {
            let published = spread.published.map { Figures.fixed($0, 2) } ?? word(Words.noValue)
            let range = Figures.range(spread.low, spread.high, unit: "1", language)
            row([word(Words.analysis(spread.analysis)), word(spread.name), published, range ?? ""], [16, 48, 10])
        }
        for line in SensitivityText.nearestWithout(page, language) { row([line.without, line.nearest], [56]) }
        if !page.correlations.isEmpty {
            heading(word(SensitivityText.correlations))
            for pair in page.correlations {
                let text = SensitivityText.correlation(pair, language)
                row([text.pair, text.value, text.months], [16, 8])
            }
        }
        for notice in page.notices { add("· " + word(notice), indent: 2) }
    }
}
