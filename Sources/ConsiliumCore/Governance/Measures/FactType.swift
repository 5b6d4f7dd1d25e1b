/// What must have happened, or be on a register, before a measure says anything: so that "not assessable" can name what
/// is missing.
package enum FactType: String, CaseIterable, Sendable, Codable {
    case submission
    case routingDecision = "routing-decision"
    case offer
    case acceptance
    case decline
    case clinicalAction = "clinical-action"
    case signedReport = "signed-report"
    case credential
    case closure
    case requesterOutcome = "requester-outcome"
    case referral
    case discharge
    case appropriateTier = "appropriate-tier"
    case consentEvidence = "consent-evidence"
    case disclosure
    case capacitySetting = "capacity-setting"
    case rosterChange = "roster-change"
    case tariff
    case settlement
    case dispute
    case messageReceipt = "message-receipt"
    case elementCount = "element-count"
    case conformancePass = "conformance-pass"
    case auditFinding = "audit-finding"
    case chainVerification = "chain-verification"
    case contract
    case obligation
    case regionYear = "region-year"
    case medicalAssistance = "medical-assistance"
    case ruleProposal = "rule-proposal"
    case investmentItem = "investment-item"

    /// Where a fact of that type comes from.
    package enum Origin: String, Sendable, Codable {
        /// An event of the ledger.
        case ledger
        /// A register that its owner keeps by commands.
        case register
        /// A site's yearly signed return; figures that rest on it are labelled *declared*.
        case siteReturn = "site-return"
    }

    package var origin: Origin {
        switch self {
        case .credential, .tariff, .auditFinding, .contract, .obligation, .regionYear: .register
        case .ruleProposal, .investmentItem: .siteReturn
        default: .ledger
        }
    }

    package var name: BilingualText {
        switch self {
        case .submission: BilingualText("submitted request", "会诊申请")
        case .routingDecision: BilingualText("routing decision with its candidates", "含候选机构的路由决定")
        case .offer: BilingualText("offer to a site", "向机构发出的邀请")
        case .acceptance: BilingualText("acceptance", "接受")
        case .decline: BilingualText("decline or expired offer", "谢绝或过期邀请")
        case .clinicalAction: BilingualText("first clinical action", "首次临床处置")
        case .signedReport: BilingualText("signed report", "已签名的会诊意见")
        case .credential: BilingualText("entry in a register of doctors", "医师名册条目")
        case .closure: BilingualText("closure with disposition", "含处置意见的结案")
        case .requesterOutcome: BilingualText("requester's outcome after closure", "结案后申请方反馈的结局")
        case .referral: BilingualText("referral between tiers", "层级间转诊")
        case .discharge: BilingualText("discharge after up-referral", "上转后出院")
        case .appropriateTier: BilingualText("appropriate tier by the closing expert", "结案专家判定的适宜层级")
        case .consentEvidence: BilingualText("consent evidence", "知情同意凭据")
        case .disclosure: BilingualText("disclosure of content to a site", "向机构披露内容")
        case .capacitySetting: BilingualText("setting of a capacity, with who set it", "容量设定及设定方")
        case .rosterChange: BilingualText("change of a roster", "排班变更")
        case .tariff: BilingualText("site's tariff", "机构收费标准")
        case .settlement: BilingualText("settlement with gross and shares", "含总额与分成的结算")
        case .dispute: BilingualText("dispute of a settlement line", "结算明细争议")
        case .messageReceipt: BilingualText("receipt of a message", "消息接收")
        case .elementCount: BilingualText("count of mandatory elements", "必填项计数")
        case .conformancePass: BilingualText("approval and conformance pass of a site", "机构批准与一致性测试通过")
        case .auditFinding: BilingualText("audit finding with its due date", "含期限的审计发现")
        case .chainVerification: BilingualText("verification of the audit chain", "审计链校验")
        case .contract: BilingualText("contract of a partner", "合作方合同")
        case .obligation: BilingualText("obligation with its evidence", "义务及其凭据")
        case .regionYear: BilingualText("region-year (population, income rank, remote flag)", "地区年度数据（人口、收入位次、偏远标记）")
        case .medicalAssistance: BilingualText("medical-assistance cover of patients", "患者医疗救助状态")
        case .ruleProposal: BilingualText("rule-change proposal", "规则修订提案")
        case .investmentItem: BilingualText("investment item", "投资项目")
        }
    }
}
