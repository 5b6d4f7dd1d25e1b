import ConsiliumCore

extension WorkbookReport {
    var profile: Sheet {
        var rows: [[Cell]] = []
        if let page = report.profile {
            rows.append([.text(ProfileText.standing(page, language))])
            rows.append([.text(word(Words.notMerit))])
            rows += ProfileText.agreement(page, language).map { [.text($0)] }
            for rating in page.indicators {
                rows.append([
                    .text(say("indicator", "指标")), .text(rating.indicator.rawValue), .text(word(rating.indicator.name)),
                    Cell(rating.point), Cell(rating.low), Cell(rating.high),
                ])
            }
            for indicator in page.indicators { rows += ratings(indicator) }
            for reading in page.readings { rows += self.reading(reading, page) }
            for distance in page.distances {
                rows.append([
                    .text(say("distance", "距离")), .text(distance.mode), .text(word(distance.name)),
                    Cell(distance.point), Cell(distance.low), Cell(distance.high),
                ])
            }
            let nearest = ProfileText.nearest(page, language)
            if !nearest.isEmpty { rows.append([.text(nearest)]) }
        } else {
            rows.append([.text(word(Words.noAssessment))])
        }
        return Sheet(
            name: say("profile", "画像"),
            header: header,
            columns: [
                (say("what", "内容"), 30), (say("code", "代码"), 12), (say("name", "名称"), 40), (word(Words.value), 12),
                (say("low", "下限"), 10), (say("high", "上限"), 10), (say("confidence", "把握"), 12),
                (say("evidence, or the study's words", "证据或原研究用语"), 60),
            ],
            rows: rows
        )
    }

    private func ratings(_ indicator: GovernanceReport.IndicatorRating) -> [[Cell]] {
        let code = Cell.text(indicator.indicator.rawValue)
        let ratings = indicator.ratings.map { rating -> [Cell] in
            let auditor = ProfileText.auditor(rating, language) + ProfileText.halves(rating)
            return [
                .text(say("rating", "评分")), code, .text(auditor), Cell(rating.value), .empty, .empty,
                .text(ProfileText.confidence(rating, language)), .words(ProfileText.evidence(rating, language)),
            ]
        }
        let codings = indicator.codings.map { coding -> [Cell] in
            [
                .text(say("code of a mode", "模式编码")), code, .text(word(coding.name)), Cell(coding.point),
                Cell(coding.low), Cell(coding.high), .empty, .text(DisplayWidth.harmless(coding.phrase)),
            ]
        }
        return ratings + codings
    }

    private func reading(_ reading: GovernanceReport.Reading, _ page: GovernanceReport.ProfilePage) -> [[Cell]] {
        let mapping = Cell.text(word(Words.mapping(reading.mapping)))
        var rows: [[Cell]] = []
        for mean in reading.means {
            let code = Cell.text(mean.dimension.rawValue)
            rows.append([mapping, code, .text(say("network", "协作网")), Cell(mean.mean, or: word(Words.noValue))])
            if let difference = mean.difference {
                let name = say("difference from the first mapping", "与第一种映射之差")
                rows.append([mapping, code, .text(name), Cell(difference)])
            }
            for (mode, value) in mean.modes.sorted(by: { $0.key < $1.key }) {
                rows.append([mapping, code, .text(word(Words.mode(mode, in: page))), Cell(value)])
            }
        }
        let gap = Cell(reading.coherenceGap, or: word(Words.noValue))
        rows.append([mapping, .empty, .text(word(ProfileText.coherenceGap)), gap])
        return rows
    }

    var triangle: Sheet {
        let page = report.triangle
        let hidden = word(Words.hidden)
        var rows: [[Cell]] = [
            [
                .text("TI"), .text(word(Words.triangle)), .empty, Cell(page.episodes, or: hidden),
                Cell(page.index, or: word(Words.withheld)), Cell(page.low), Cell(page.high), .empty,
                .text(TriangleText.index(page, language)),
            ]
        ]
        for component in page.components {
            let none = component.denominator == nil ? hidden : word(Words.noValue)
            rows.append([
                .text(component.id), .text(word(component.name)), Cell(component.numerator, or: hidden),
                Cell(component.denominator, or: hidden), Cell(component.value, or: none), Cell(component.low),
                Cell(component.high), Cell(component.second),
            ])
        }
        for (tier, share) in zip(Tier.allCases, page.sharesByTier) {
            let name = say("finally resolved at: ", "最终解决于：") + word(tier.name)
            rows.append([.text(tier.rawValue), .text(name), .empty, Cell(page.episodes, or: hidden), Cell(share)])
        }
        for flow in report.flows {
            let name = "\(word(flow.origin.name)) → \(word(flow.final.name))"
            let code = "\(flow.origin.rawValue)>\(flow.final.rawValue)"
            rows.append([.text(code), .text(name), Cell(flow.episodes, or: hidden)])
        }
        rows.append([.text(TriangleText.shape(page, language))])
        for notice in page.obstacles + page.notices { rows.append([.text(word(notice))]) }
        return Sheet(
            name: say("triangle", "三角指数"),
            header: header,
            columns: [
                (say("code", "代码"), 22), (say("name", "名称"), 36), (say("numerator", "分子"), 12),
                (say("denominator", "分母"), 12), (word(Words.value), 12), (say("low", "下限"), 10),
                (say("high", "上限"), 10), (say("second rating", "复评"), 12), (say("in words", "文字说明"), 60),
            ],
            rows: rows
        )
    }

    var sensitivity: Sheet {
        var rows: [[Cell]] = []
        if let page = report.sensitivity {
            rows = page.spreads.map { spread in
                [
                    .text(word(Words.analysis(spread.analysis))), .text(word(spread.name)),
                    Cell(spread.published, or: word(Words.noValue)), Cell(spread.low), Cell(spread.high),
                    Cell(page.replicates), .text(String(page.seed)),
                ]
            }
            rows += SensitivityText.nearestWithout(page, language)
                .map { [.text(word(SensitivityText.nearest)), .text($0.without), .text($0.nearest)] }
            rows += page.correlations.map { pair in
                let text = SensitivityText.correlation(pair, language)
                return [
                    .text(word(SensitivityText.correlations)), .text("\(text.pair), \(text.months)"), Cell(pair.value),
                ]
            }
            rows += page.notices.map { [.text(word($0))] }
        } else {
            rows.append([.text(word(Words.noSensitivity))])
        }
        return Sheet(
            name: say("sensitivity", "敏感性"),
            header: header,
            columns: [
                (say("varied", "变化项"), 18), (say("result", "结果"), 48), (say("published", "公布值"), 12),
                ("5 %", 10), ("95 %", 10), (say("replicates", "重算次数"), 12), (say("seed", "种子"), 22),
            ],
            rows: rows
        )
    }
}
