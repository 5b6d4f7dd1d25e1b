import ConsiliumCore

extension HTMLReport {
    var profile: Section {
        let heading = word(Words.profile)
        guard let page = report.profile else {
            return Section(id: "profile", heading: heading, content: paragraph(word(Words.noAssessment), "withheld"))
        }
        let standing: Markup =
            ProfileText.isSelfDeclared(page)
            ? "<p class=\"banner\">\(ProfileText.standing(page, language))</p>\n"
            : "<p>\(ProfileText.standing(page, language))</p>\n"
        var content = standing + paragraph(word(Words.notMerit))
        let nearest = ProfileText.nearest(page, language)
        if !nearest.isEmpty { content += "<p><strong>\(nearest)</strong></p>\n" }
        let rows = page.indicators.map { rating -> [Markup] in
            ["\(rating.indicator.rawValue) \(word(rating.indicator.name))", "\(ProfileText.rating(rating))"]
        }
        content += figure(
            say("Eight indicators", "八项指标"),
            ScalePictures.indicators(page, language).markup,
            beside: table(nil, [say("indicator", "指标"), say("rating (range)", "评分（范围）")], rows, numbers: [1])
        )
        content += ratings(page)
        if !page.readings.isEmpty && !page.distances.isEmpty {
            content += paragraph(
                say(
                    "Radars: solid line and round points are the network, dashed line and square points the mode, 0 to 4.",
                    "雷达图：实线圆点为协作网，虚线方点为参照模式，0至4。"
                )
            )
        }
        for (index, reading) in page.readings.enumerated() { content += radar(reading, index, page) }
        if !page.distances.isEmpty {
            let rows = page.distances.map { ["\(word($0.name))", "\(ProfileText.distance($0))"] as [Markup] }
            let head = [say("mode", "模式"), say("distance", "距离")]
            let distances = table(word(ProfileText.distances), head, rows, numbers: [1])
            content += "<div class=\"keep\">\n\(distances)</div>\n"
        }
        let sentences = ProfileText.agreement(page, language)
        if !sentences.isEmpty { content += "<ul>\n\(sentences.map { "<li>\($0)</li>\n" as Markup })</ul>\n" }
        return Section(id: "profile", heading: heading, content: content)
    }

    /// What each rating rests on, then the codes of the modes with the study's words.
    private func ratings(_ page: GovernanceReport.ProfilePage) -> Markup {
        let head = [
            say("indicator", "指标"), say("sheet", "评分表"), say("rating", "评分"), say("confidence", "把握"),
            say("evidence", "证据"),
        ]
        let rows = page.indicators.flatMap { indicator in
            indicator.ratings.map { rating -> [Markup] in
                [
                    "\(indicator.indicator.rawValue) \(word(indicator.indicator.name))",
                    "\(ProfileText.auditor(rating, language))", "\(ProfileText.value(rating))",
                    "\(ProfileText.confidence(rating, language))", "\(ProfileText.evidence(rating, language))",
                ]
            }
        }
        let caption = word(ProfileText.ratings)
        var content = rows.isEmpty ? "" : scrolled(caption, table(caption, head, rows, numbers: [2]))
        let codes = page.indicators.flatMap { indicator in
            indicator.codings.map { coding -> [Markup] in
                [
                    "\(indicator.indicator.rawValue) \(word(indicator.indicator.name))", "\(word(coding.name))",
                    "\(ProfileText.code(coding))", "<q lang=\"en\">\(DisplayWidth.harmless(coding.phrase))</q>",
                ]
            }
        }
        guard !codes.isEmpty else { return content }
        let codeHead = [
            say("indicator", "指标"), say("mode", "模式"), say("code (range)", "编码（范围）"),
            say("words of the study", "原研究用语"),
        ]
        let codeCaption = word(ProfileText.codings)
        content += scrolled(codeCaption, table(codeCaption, codeHead, codes, numbers: [2]))
        return content
    }

    /// Four small radars over the table of what they show.
    private func radar(
        _ reading: GovernanceReport.Reading,
        _ index: Int,
        _ page: GovernanceReport.ProfilePage
    ) -> Markup {
        let modes = page.distances.map(\.mode)
        let rows = reading.means.map { mean -> [Markup] in
            let own: Markup = "\(mean.mean.map { Figures.fixed($0, 2) } ?? word(Words.noValue))"
            let others = modes.map { mode -> Markup in
                "\(mean.modes[mode].map { Figures.fixed($0, 2) } ?? word(Words.noValue))"
            }
            let difference = mean.difference.map { value -> [Markup] in ["\(Figures.signed(value))"] } ?? []
            return ["\(mean.dimension.rawValue) \(word(mean.dimension.name))", own] + difference + others
        }
        let head =
            [word(Words.dimension), say("network", "协作网")]
            + (reading.means.allSatisfy { $0.difference == nil } ? [] : [say("difference from the first", "与第一种之差")])
            + modes.map { word(Words.mode($0, in: page)) }
        let name = word(Words.mapping(reading.mapping))
        let gap = reading.coherenceGap.map { "\(word(ProfileText.coherenceGap)) \(Figures.fixed($0, 2))" }
        return """
            <figure class="keep">
            <figcaption>\(name)</figcaption>
            \(RadarPicture(reading: reading, page: page, language: language).picture(id: "radar-\(index)").markup)\
            \(scrolled(name, table(nil, head, rows, numbers: Set(1..<head.count))))</figure>
            \(gap.map { paragraph($0) } ?? "")
            """
    }

    var sensitivity: Section? {
        guard let page = report.sensitivity else { return nil }
        let rows = page.spreads.map { spread -> [Markup] in
            [
                "\(word(Words.analysis(spread.analysis)))", "\(word(spread.name))",
                "\(spread.published.map { Figures.fixed($0, 2) } ?? word(Words.noValue))",
                "\(Figures.range(spread.low, spread.high, unit: "1", language) ?? "")",
            ]
        }
        let drawn = say(
            "\(page.replicates) replicates, seed \(page.seed)",
            "\(page.replicates) 次重算，种子 \(page.seed)"
        )
        let head = [
            say("varied", "变化项"), say("result", "结果"), say("published", "公布值"), say("5 % to 95 %", "5 % 至 95 %"),
        ]
        return Section(
            id: "sensitivity",
            heading: word(Words.sensitivity),
            content: paragraph(drawn)
                + (rows.isEmpty ? "" : scrolled(word(Words.sensitivity), table(nil, head, rows, numbers: [2, 3])))
                + nearestWithout(page) + correlations(page)
                + Markup(page.notices.map { paragraph(word($0)) })
        )
    }

    private func nearestWithout(_ page: GovernanceReport.SensitivityPage) -> Markup {
        let rows = SensitivityText.nearestWithout(page, language)
            .map { ["\($0.without)", "\($0.nearest)"] as [Markup] }
        guard !rows.isEmpty else { return "" }
        let caption = word(SensitivityText.nearest)
        return scrolled(caption, table(caption, [say("left out", "去除"), say("nearest", "最接近")], rows))
    }

    private func correlations(_ page: GovernanceReport.SensitivityPage) -> Markup {
        let rows = page.correlations.map { pair -> [Markup] in
            let text = SensitivityText.correlation(pair, language)
            return ["\(text.pair)", "\(text.value)", "\(text.months)"]
        }
        guard !rows.isEmpty else { return "" }
        let caption = word(SensitivityText.correlations)
        let head = [word(Words.measures), "ρ", say("months", "月数")]
        return scrolled(caption, table(caption, head, rows, numbers: [1, 2]))
    }

    var noSensitivity: Section {
        Section(
            id: "sensitivity",
            heading: word(Words.sensitivity),
            content: paragraph(word(Words.noSensitivity), "withheld")
        )
    }
}
