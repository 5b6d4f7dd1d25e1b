package import ConsiliumCore

/// The scores that are made of measures: five dimensions, efficiency and fairness, and the overall score.
package enum CompositeMeasure: Hashable, Sendable {
    case dimension(GovernanceDimension)
    case group(GovernanceDimension.Group)
    case overall

    package static let all: [CompositeMeasure] =
        GovernanceDimension.allCases.map { .dimension($0) } + GovernanceDimension.Group.allCases.map { .group($0) }
        + [.overall]

    /// `consilium-DR`, `consilium-fairness`, `consilium-overall`.
    package var id: String {
        switch self {
        case .dimension(let dimension): "consilium-\(dimension.rawValue)"
        case .group(let group): "consilium-\(group.rawValue)"
        case .overall: "consilium-overall"
        }
    }

    /// nil when it names none of them.
    package init?(id: some StringProtocol) {
        guard let found = Self.all.first(where: { $0.id == id }) else { return nil }
        self = found
    }

    /// A name for programs, by invariant mea-0.
    var name: String {
        switch self {
        case .dimension(let dimension): "Consilium_\(dimension.rawValue)"
        case .group(let group): "Consilium_\(group.rawValue)"
        case .overall: "Consilium_overall"
        }
    }

    var title: BilingualText {
        switch self {
        case .dimension(let dimension): dimension.name
        case .group(let group): group.name
        case .overall: BilingualText("overall performance", "总体绩效")
        }
    }

    /// The overall score lets neither group compensate for the other; all else is a mean.
    var isGeometric: Bool { self == .overall }

    /// When it is shown (DOMAIN.md section 3).
    var rule: BilingualText {
        switch self {
        case .dimension:
            BilingualText(
                "Mean of the measures' scores (0 at the floor, 1 at the target), equal weights; shown when at least two "
                    + "of its measures, and at least half, are valid. Nothing is imputed.",
                "各指标得分（下限为0，目标为1）的等权平均；至少两项且至少半数有效时显示。不作插补。"
            )
        case .group:
            BilingualText(
                "Mean of its dimensions, equal weights; shown when all of them are.",
                "所含维度的等权平均；全部维度可显示时显示。"
            )
        case .overall:
            BilingualText(
                "Geometric mean of efficiency and fairness; shown when both are.",
                "效率与公平的几何平均；两者均可显示时显示。"
            )
        }
    }

    /// Canonical identifiers of what it is composed of, with their versions, and their titles.
    func parts(in model: GovernanceModel) -> [(id: String, version: String, title: BilingualText)] {
        switch self {
        case .dimension(let dimension):
            model.scored(in: dimension).map { ($0.id, "\($0.version)", $0.title) }
        case .group(let group):
            group.dimensions.map { CompositeMeasure.dimension($0) }.map { ($0.id, model.version, $0.title) }
        case .overall:
            GovernanceDimension.Group.allCases.map { CompositeMeasure.group($0) }
                .map { ($0.id, model.version, $0.title) }
        }
    }

    func score(in page: GovernanceReport.PerformancePage) -> GovernanceReport.Score? {
        switch self {
        case .dimension(let dimension): page.dimensions.first { $0.dimension == dimension }?.score
        case .group(.efficiency): page.efficiency
        case .group(.fairness): page.fairness
        case .overall: page.overall
        }
    }
}
