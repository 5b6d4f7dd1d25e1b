/// The eight indicators of hospital governance of Yang, Yang and Liao 2020, doi 10.5334/ijic.5417, in the study's order.
package enum Indicator: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
    case organizationalChanges = "OC"
    case ownerFunctions = "OF"
    case investmentDecisionRights = "IDR"
    case personnelManagementRights = "PMR"
    case financialManagementRights = "FMR"
    case socialFunctions = "SF"
    case governmentRegulations = "GR"
    case institutionalEnvironments = "IE"

    package var name: BilingualText {
        switch self {
        case .organizationalChanges: BilingualText("organizational changes", "组织变革")
        case .ownerFunctions: BilingualText("owner functions", "所有者职能")
        case .investmentDecisionRights: BilingualText("investment decision-making rights", "投资决策权")
        case .personnelManagementRights: BilingualText("personnel management rights", "人事管理权")
        case .financialManagementRights: BilingualText("financial management rights", "财务管理权")
        case .socialFunctions: BilingualText("social functions", "社会功能")
        case .governmentRegulations: BilingualText("government regulations", "政府监管")
        case .institutionalEnvironments: BilingualText("institutional environments", "制度环境")
        }
    }
}
