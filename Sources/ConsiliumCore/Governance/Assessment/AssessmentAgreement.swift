/// How far the first auditors of an assessment agreed, printed with both ratings of each item.
package struct AssessmentAgreement: Hashable, Sendable {
    /// Pairs of auditors and items, over all of them.
    package var exact: Proportion
    package var withinOne: Proportion

    /// nil until it is locked: a count of agreements would tell a further auditor what to expect.
    package init?(_ assessment: Assessment) {
        let pairs = Self.pairs(assessment)
        guard !pairs.isEmpty, let exact = Agreement.within(0, pairs), let withinOne = Agreement.within(1, pairs) else {
            return nil
        }
        self.exact = exact
        self.withinOne = withinOne
    }

    /// Of the auditors who rated blind: whoever arbitrated knew which items were disputed.
    static func sheets(_ assessment: Assessment) -> [Assessment.Sheet] {
        assessment.state == .locked ? assessment.sheets.filter { !$0.arbitrates } : []
    }

    static func pairs(_ assessment: Assessment) -> [(Int, Int)] {
        let sheets = sheets(assessment)
        return sheets.indices.flatMap { first in
            sheets[(first + 1)...]
                .flatMap { second in
                    Indicator.allCases.compactMap { indicator in
                        guard let a = sheets[first].ratings[indicator], let b = second.ratings[indicator] else {
                            return nil
                        }
                        return (a.value, b.value)
                    }
                }
        }
    }
}

/// Agreement beyond chance, pooled over assessments: over the eight items of one, two raters who are right 70 % of the
/// time pass kappa .67 in about half of all cases, so fewer than fifty items give none.
package struct PooledAgreement: Hashable, Sendable {
    package static let leastItems = 50

    package let items: Int
    /// Cohen's kappa of the first two auditors of each assessment, unweighted and with quadratic weights.
    package let kappa: Bootstrap.Estimate
    package let weightedKappa: Bootstrap.Estimate
    /// Krippendorff's ordinal alpha of all auditors.
    package let alpha: Bootstrap.Estimate

    /// nil below fifty items of locked assessments. Whole assessments are resampled.
    package init?(_ assessments: [Assessment], _ bootstrap: Bootstrap) {
        let rated = assessments.map { AssessmentAgreement.sheets($0) }.filter { $0.count >= Assessment.leastAuditors }
        let units = rated.map { sheets in
            Indicator.allCases.map { indicator in sheets.map { $0.ratings[indicator]?.value } }
        }
        items = units.reduce(0) { $0 + $1.count }
        guard items >= Self.leastItems else { return nil }
        let categories = Questionnaire.scale.count
        func kappa(_ weights: Agreement.Weights) -> Bootstrap.Estimate {
            bootstrap.estimate(units) { sample in
                let pairs = sample.joined().compactMap { unit in unit[0].flatMap { a in unit[1].map { (a, $0) } } }
                return Agreement.cohenKappa(pairs, categories: categories, weights)
            }
        }
        self.kappa = kappa(.unweighted)
        weightedKappa = kappa(.quadratic)
        alpha = bootstrap.estimate(units) { sample in
            Agreement.krippendorffAlpha(Array(sample.joined()), categories: categories, .ordinal)
        }
    }
}
