/// Which assessed indicators make up which dimension.
///
/// The study's table 2 survives as one interleaved column whose grouping is ambiguous, and its prose never states it, so
/// two readings are computed and their difference is published (DOMAIN.md section 1). Measures are not arranged by it.
package struct IndicatorMapping: Hashable, Sendable, Codable {
    package var id: String
    package var name: BilingualText
    package var indicators: [GovernanceDimension: [Indicator]]

    package init(id: String, name: BilingualText, indicators: [GovernanceDimension: [Indicator]]) {
        self.id = id
        self.name = name
        self.indicators = indicators
    }

    /// Whether each indicator stands under exactly one dimension and no dimension is empty.
    package var isPartition: Bool {
        let all = GovernanceDimension.allCases.flatMap { indicators[$0] ?? [] }
        return all.count == Indicator.allCases.count && Set(all).count == all.count
            && GovernanceDimension.allCases.allSatisfy { indicators[$0]?.isEmpty == false }
    }

    /// R1: the printed order, the default.
    package static let printedOrder = IndicatorMapping(
        id: "R1-yang2020-printed-order",
        name: BilingualText("R1, the printed order", "R1（原文印刷顺序）"),
        indicators: [
            .decisionRights: [.organizationalChanges, .ownerFunctions],
            .marketCompetition: [.investmentDecisionRights, .personnelManagementRights],
            .residualClaims: [.financialManagementRights],
            .accountability: [.socialFunctions, .governmentRegulations],
            .socialFunctions: [.institutionalEnvironments],
        ]
    )

    /// R2: by what the study itself calls a decision right.
    package static let semantic = IndicatorMapping(
        id: "R2-ph-semantic",
        name: BilingualText("R2, by meaning", "R2（按含义）"),
        indicators: [
            .decisionRights: [.investmentDecisionRights, .personnelManagementRights, .financialManagementRights],
            .marketCompetition: [.organizationalChanges],
            .residualClaims: [.ownerFunctions],
            .accountability: [.governmentRegulations, .institutionalEnvironments],
            .socialFunctions: [.socialFunctions],
        ]
    )
}
