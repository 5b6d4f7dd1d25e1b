/// The five dimensions of Preker and Harding as Yang, Yang and Liao 2020 read them (doi 10.5334/ijic.5417).
package enum GovernanceDimension: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
    case decisionRights = "DR"
    case marketCompetition = "MC"
    case residualClaims = "RC"
    case accountability = "ACC"
    case socialFunctions = "SOC"

    /// Both must be met at once; neither compensates for the other.
    package enum Group: String, CaseIterable, Sendable, Codable {
        case efficiency
        case fairness

        package var dimensions: [GovernanceDimension] { GovernanceDimension.allCases.filter { $0.group == self } }

        package var name: BilingualText {
            switch self {
            case .efficiency: BilingualText("efficiency", "效率")
            case .fairness: BilingualText("fairness", "公平")
            }
        }
    }

    package var group: Group {
        switch self {
        case .decisionRights, .marketCompetition, .residualClaims: .efficiency
        case .accountability, .socialFunctions: .fairness
        }
    }

    package var name: BilingualText {
        switch self {
        case .decisionRights: BilingualText("decision rights", "决策权")
        case .marketCompetition: BilingualText("market competition", "市场竞争")
        case .residualClaims: BilingualText("residual claims", "剩余索取权")
        case .accountability: BilingualText("accountability", "责任")
        case .socialFunctions: BilingualText("social functions", "社会职能")
        }
    }
}
