extension Measure {
    /// Decision rights, market competition and residual claims: rows OC1 to FMR3 of DOMAIN.md section 3.
    static let ofEfficiency: [Measure] = [
        Measure(
            "OC1",
            .performance,
            [.decisionRights],
            title: BilingualText("rule changes decided in time", "规则修订按时决定"),
            indicator: .organizationalChanges,
            scoredIn: .decisionRights,
            numerator: BilingualText("rule-change proposals decided within 30 days", "30日内作出决定的规则修订提案"),
            denominator: BilingualText("rule-change proposals", "规则修订提案"),
            direction: .increase,
            goalposts: Goalposts(0, 80),
            minimum: 20,
            period: .twelveMonths,
            needs: [.ruleProposal]
        ),
        Measure(
            "OC2",
            .autonomy,
            [.decisionRights],
            title: BilingualText("changes that member sites initiated", "成员机构发起的修订"),
            indicator: .organizationalChanges,
            numerator: BilingualText("adopted changes initiated by member sites", "由成员机构发起并获采纳的修订"),
            denominator: BilingualText("adopted changes", "获采纳的修订"),
            needs: [.ruleProposal]
        ),
        Measure(
            "OF1",
            .autonomy,
            [.decisionRights, .residualClaims],
            title: BilingualText("capacity set by the site itself", "机构自主设定的容量"),
            indicator: .ownerFunctions,
            numerator: BilingualText("slot-hours set by the site itself", "由机构自行设定的容量小时"),
            denominator: BilingualText("all slot-hours, set by site or hub", "全部容量小时（机构或中心设定）"),
            needs: [.capacitySetting]
        ),
        Measure(
            "OF2",
            .performance,
            [.decisionRights],
            title: BilingualText("overrides of site decisions", "对机构决定的干预"),
            indicator: .ownerFunctions,
            scoredIn: .decisionRights,
            numerator: BilingualText("overrides of site decisions by hub or administrator", "中心或管理员对机构决定的干预"),
            denominator: BilingualText("routing decisions", "路由决定"),
            direction: .decrease,
            goalposts: Goalposts(10, 2),
            needs: [.routingDecision, .offer]
        ),
        Measure(
            "OF3",
            .autonomy,
            [.residualClaims],
            title: BilingualText("settlement kept by the performing site", "执行机构留存的结算额"),
            indicator: .ownerFunctions,
            form: .ratioOfSums,
            numerator: BilingualText("settlement amount kept by the performing site", "执行机构留存的结算金额"),
            denominator: BilingualText("gross settlement amount", "结算总金额"),
            interval: .bootstrap,
            needs: [.settlement]
        ),
        Measure(
            "DR1",
            .control,
            [.decisionRights],
            title: BilingualText("declines honoured", "谢绝得到尊重"),
            numerator: BilingualText("declines honoured, not forced", "得到尊重、未被强制的谢绝"),
            denominator: BilingualText("declines", "谢绝"),
            direction: .increase,
            target: 99,
            needs: [.decline, .offer]
        ),
        Measure(
            "IDR1",
            .autonomy,
            [.marketCompetition],
            title: BilingualText("investment decided by the site", "机构自主决定的投资"),
            indicator: .investmentDecisionRights,
            numerator: BilingualText("investment items decided by the site", "由机构决定的投资项目"),
            denominator: BilingualText("investment items", "投资项目"),
            minimum: 20,
            period: .twelveMonths,
            needs: [.investmentItem]
        ),
        Measure(
            "IDR2",
            .control,
            [.marketCompetition],
            title: BilingualText("partners under contract", "合同齐备的合作方"),
            indicator: .investmentDecisionRights,
            numerator: BilingualText("active partners with a complete contract in force", "有完整有效合同的在网合作方"),
            denominator: BilingualText("active partners", "在网合作方"),
            direction: .increase,
            target: 100,
            minimum: 1,
            interval: .census,
            needs: [.contract]
        ),
        Measure(
            "IDR3",
            .exchange,
            [.marketCompetition],
            title: BilingualText("time to conformance", "通过一致性测试所需时间"),
            indicator: .investmentDecisionRights,
            form: .median,
            numerator: BilingualText("median days from approval to conformance pass", "从批准到通过一致性测试的天数中位数"),
            denominator: BilingualText("sites that passed", "已通过的机构"),
            unit: .days,
            direction: .decrease,
            target: 30,
            minimum: 10,
            interval: .orderStatistic,
            needs: [.conformancePass]
        ),
        Measure(
            "PMR1",
            .autonomy,
            [.marketCompetition],
            title: BilingualText("rosters changed by the employer", "用人机构自主排班"),
            indicator: .personnelManagementRights,
            numerator: BilingualText("roster changes made by the employing site", "由用人机构作出的排班变更"),
            denominator: BilingualText("roster changes", "排班变更"),
            needs: [.rosterChange]
        ),
        Measure(
            "PMR2",
            .control,
            [.marketCompetition, .accountability],
            title: BilingualText("reports by credentialed experts", "资质有效专家的意见"),
            indicator: .personnelManagementRights,
            numerator: BilingualText(
                "reports signed by an expert whose credential was valid at that time",
                "签名时资质有效的专家签署的意见"
            ),
            denominator: BilingualText("reports", "会诊意见"),
            direction: .increase,
            target: 100,
            needs: [.signedReport, .credential]
        ),
        Measure(
            "PMR3",
            .performance,
            [.marketCompetition],
            title: BilingualText("load on the busiest experts", "最忙专家的负荷"),
            indicator: .personnelManagementRights,
            scoredIn: .marketCompetition,
            form: .topDecileShare,
            numerator: BilingualText("consults of the busiest tenth of experts", "最忙的十分之一专家的会诊"),
            denominator: BilingualText("consults", "会诊"),
            direction: .decrease,
            goalposts: Goalposts(60, 30),
            minimum: 20,
            counted: .experts,
            interval: .bootstrap,
            needs: [.signedReport],
            hasSiteTable: true
        ),
        Measure(
            "MC1",
            .performance,
            [.marketCompetition],
            title: BilingualText("requests with a choice", "有选择余地的申请"),
            scoredIn: .marketCompetition,
            numerator: BilingualText(
                "requests with at least two eligible targets at routing",
                "路由时至少有两个合格候选的申请"
            ),
            denominator: BilingualText("requests", "申请"),
            direction: .increase,
            goalposts: Goalposts(20, 70),
            needs: [.routingDecision]
        ),
        Measure(
            "MC2",
            .autonomy,
            [.marketCompetition],
            title: BilingualText("concentration of consults", "会诊集中度"),
            form: .concentration,
            numerator: BilingualText(
                "sum of squared shares of accepted consults per department, averaged by volume",
                "各科室已接受会诊份额的平方和，按例数加权平均"
            ),
            denominator: BilingualText("accepted consults", "已接受的会诊"),
            unit: .one,
            minimum: 100,
            interval: .bootstrap,
            needs: [.acceptance]
        ),
        Measure(
            "MC3",
            .performance,
            [.marketCompetition],
            title: BilingualText("declined requests placed elsewhere", "被谢绝后另有机构接受"),
            scoredIn: .marketCompetition,
            numerator: BilingualText(
                "declined requests accepted elsewhere within the agreed limit",
                "在约定时限内由其他机构接受的被谢绝申请"
            ),
            denominator: BilingualText("declined requests, expired offers included", "被谢绝的申请（含邀请过期）"),
            direction: .increase,
            goalposts: Goalposts(50, 90),
            needs: [.decline, .acceptance],
            hasSiteTable: true
        ),
        Measure(
            "FMR1",
            .performance,
            [.residualClaims],
            title: BilingualText("settlements closed in time", "按时完成的结算"),
            indicator: .financialManagementRights,
            scoredIn: .residualClaims,
            numerator: BilingualText(
                "consults whose settlement was closed within 30 days after closure and not in dispute then",
                "结案后30日内完成结算且届时无争议的会诊"
            ),
            denominator: BilingualText("closed consults, those free of charge apart", "已结案会诊（免费会诊除外）"),
            direction: .increase,
            goalposts: Goalposts(50, 95),
            needs: [.closure, .settlement],
            hasSiteTable: true
        ),
        Measure(
            "FMR2",
            .autonomy,
            [.residualClaims],
            title: BilingualText("consults at the site's own tariff", "按机构自定标准收费"),
            indicator: .financialManagementRights,
            numerator: BilingualText("consults priced at the site's own tariff", "按机构自定标准计价的会诊"),
            denominator: BilingualText("priced consults", "已计价的会诊"),
            needs: [.tariff, .settlement]
        ),
        Measure(
            "FMR3",
            .performance,
            [.residualClaims],
            title: BilingualText("settlement lines disputed", "有争议的结算明细"),
            indicator: .financialManagementRights,
            scoredIn: .residualClaims,
            numerator: BilingualText("settlement lines disputed", "有争议的结算明细"),
            denominator: BilingualText("settlement lines", "结算明细"),
            direction: .decrease,
            goalposts: Goalposts(5, 1),
            needs: [.settlement, .dispute]
        ),
    ]
}
