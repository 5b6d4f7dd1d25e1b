extension Measure {
    /// Accountability and social functions: rows SF1 to IE3 of DOMAIN.md section 3.
    static let ofFairness: [Measure] = [
        Measure(
            "SF1",
            .performance,
            [.accountability, .socialFunctions],
            title: BilingualText("local resolution (L)", "就地解决率（L）"),
            indicator: .socialFunctions,
            scoredIn: .socialFunctions,
            numerator: BilingualText(
                "teleconsultations closed \"manage at origin\" of whose patients the requester told, 14 to 30 days "
                    + "after closure, that they are resolved, improved or unchanged, without an upward transfer "
                    + "within 30 days",
                "以“就地管理”结案、结案后第14至30日申请方反馈为治愈、好转或未变且30日内未上转的远程会诊"
            ),
            denominator: BilingualText(
                "teleconsultations closed from primary and county sites",
                "基层和县级机构的已结案远程会诊"
            ),
            direction: .increase,
            goalposts: Goalposts(30, 70),
            needs: [.closure, .requesterOutcome, .referral],
            hasSiteTable: true
        ),
        Measure(
            "SF2",
            .performance,
            [.accountability, .socialFunctions],
            title: BilingualText("reach of the poorest regions", "最贫困地区的可及性"),
            indicator: .socialFunctions,
            scoredIn: .socialFunctions,
            form: .rateRatio,
            numerator: BilingualText(
                "consults per 100,000 in the poorest fifth of regions",
                "收入最低五分之一地区每十万人会诊数"
            ),
            denominator: BilingualText("consults per 100,000 in the richest fifth", "收入最高五分之一地区每十万人会诊数"),
            unit: .one,
            direction: .increase,
            goalposts: Goalposts(0.2, 0.8),
            minimum: 10,
            counted: .eventsInEachGroup,
            interval: .logNormal,
            needs: [.submission, .regionYear]
        ),
        Measure(
            "SF3",
            .performance,
            [.accountability, .socialFunctions],
            title: BilingualText("down-referral (D)", "下转率（D）"),
            indicator: .socialFunctions,
            scoredIn: .socialFunctions,
            numerator: BilingualText(
                "of those, the ones received at a lower tier within 30 days after the case was closed",
                "其中结案后30日内由下级机构接收的患者"
            ),
            denominator: BilingualText("every up-referral discharged alive within the period", "期内存活出院的全部上转患者"),
            direction: .increase,
            goalposts: Goalposts(10, 60),
            needs: [.referral, .discharge],
            hasSiteTable: true
        ),
        Measure(
            "SF4",
            .performance,
            [.accountability, .socialFunctions],
            title: BilingualText("wait of remote counties", "偏远县的等待时间"),
            indicator: .socialFunctions,
            scoredIn: .socialFunctions,
            form: .medianDifference,
            numerator: BilingualText("median wait of requests from remote counties", "偏远县申请的等待时间中位数"),
            denominator: BilingualText("less the median wait of all others", "减去其他地区的等待时间中位数"),
            unit: .hours,
            direction: .decrease,
            goalposts: Goalposts(24, 0),
            counted: .eventsInEachGroup,
            interval: .bootstrap,
            needs: [.submission, .acceptance, .regionYear]
        ),
        Measure(
            "SF5",
            .performance,
            [.accountability, .socialFunctions],
            title: BilingualText("reach of the poor", "困难人群的可及性"),
            indicator: .socialFunctions,
            scoredIn: .socialFunctions,
            form: .shareRatio,
            numerator: BilingualText(
                "share of closed consults for patients with medical-assistance cover or from a "
                    + "listed county",
                "享受医疗救助或来自名单县的患者占已结案会诊的比例"
            ),
            denominator: BilingualText("that group's share of the population", "该人群占人口的比例"),
            unit: .one,
            direction: .increase,
            goalposts: Goalposts(0.5, 1),
            needs: [.closure, .medicalAssistance, .regionYear]
        ),
        Measure(
            "GR1",
            .control,
            [.accountability],
            title: BilingualText("consent before disclosure", "披露前已有知情同意"),
            indicator: .governmentRegulations,
            numerator: BilingualText("consults with consent evidence before disclosure", "披露前已有知情同意凭据的会诊"),
            denominator: BilingualText("consults of which another site was shown something", "已向其他机构披露内容的会诊"),
            direction: .increase,
            target: 100,
            needs: [.consentEvidence, .disclosure]
        ),
        Measure(
            "GR2",
            .performance,
            [.accountability],
            title: BilingualText("audit findings closed in time", "审计发现按期整改"),
            indicator: .governmentRegulations,
            scoredIn: .accountability,
            numerator: BilingualText(
                "audit findings closed by their due date, as an auditor confirmed",
                "在期限内关闭并经审计员确认的审计发现"
            ),
            denominator: BilingualText("audit findings due", "到期的审计发现"),
            direction: .increase,
            goalposts: Goalposts(50, 90),
            minimum: 10,
            period: .twelveMonths,
            needs: [.auditFinding]
        ),
        Measure(
            "GR3",
            .control,
            [.accountability],
            title: BilingualText("reports with a valid signature", "签名有效的会诊意见"),
            indicator: .governmentRegulations,
            numerator: BilingualText("reports released with a valid signature", "带有效签名发布的会诊意见"),
            denominator: BilingualText("reports released", "已发布的会诊意见"),
            direction: .increase,
            target: 100,
            needs: [.signedReport]
        ),
        Measure(
            "GR4",
            .control,
            [.accountability],
            title: BilingualText("days with a verified chain", "审计链已校验的天数"),
            indicator: .governmentRegulations,
            numerator: BilingualText("days on which the audit chain was verified", "完成审计链校验的天数"),
            denominator: BilingualText("days", "天数"),
            direction: .increase,
            target: 100,
            needs: [.chainVerification]
        ),
        Measure(
            "AC1",
            .performance,
            [.accountability],
            title: BilingualText("emergencies accepted at once", "急会诊及时接受"),
            scoredIn: .accountability,
            numerator: BilingualText("emergent requests accepted within 10 minutes", "10分钟内被接受的急会诊申请"),
            denominator: BilingualText(
                "requests that were stat at submission or at any later time",
                "提交时或其后任一时刻为急会诊的申请"
            ),
            direction: .increase,
            goalposts: Goalposts(50, 95),
            needs: [.submission, .acceptance],
            hasSiteTable: true
        ),
        Measure(
            "AC2",
            .performance,
            [.accountability],
            title: BilingualText("routine consults completed in time", "普通会诊按时完成"),
            scoredIn: .accountability,
            numerator: BilingualText("routine consults completed within the agreed limit", "在约定时限内完成的普通会诊"),
            denominator: BilingualText("routine consults", "普通会诊"),
            direction: .increase,
            goalposts: Goalposts(50, 90),
            needs: [.submission, .signedReport],
            hasSiteTable: true
        ),
        Measure(
            "AC3",
            .control,
            [.accountability],
            title: BilingualText("declines with a reason", "说明原因的谢绝"),
            numerator: BilingualText("declines with a coded reason", "带编码原因的谢绝"),
            denominator: BilingualText("declines", "谢绝"),
            direction: .increase,
            target: 100,
            needs: [.decline]
        ),
        Measure(
            "IE1",
            .exchange,
            [.socialFunctions],
            title: BilingualText("messages accepted at first", "消息一次通过"),
            indicator: .institutionalEnvironments,
            numerator: BilingualText("messages accepted on the first pass, by adapter", "首次即被接受的消息（按适配器）"),
            denominator: BilingualText("messages received", "收到的消息"),
            direction: .increase,
            target: 98,
            minimum: 100,
            needs: [.messageReceipt]
        ),
        Measure(
            "IE2",
            .performance,
            [.socialFunctions],
            title: BilingualText("obligations with evidence", "有凭据的义务"),
            indicator: .institutionalEnvironments,
            scoredIn: .accountability,
            numerator: BilingualText("obligations with current evidence", "有现行凭据的义务"),
            denominator: BilingualText("applicable obligations", "适用的义务"),
            direction: .increase,
            goalposts: Goalposts(60, 95),
            minimum: 1,
            interval: .census,
            needs: [.obligation]
        ),
        Measure(
            "IE3",
            .exchange,
            [.socialFunctions],
            title: BilingualText("mandatory elements filled", "必填项完整"),
            indicator: .institutionalEnvironments,
            numerator: BilingualText("mandatory elements populated", "已填写的必填项"),
            denominator: BilingualText("mandatory elements required", "应填写的必填项"),
            direction: .increase,
            target: 98,
            minimum: 100,
            needs: [.elementCount]
        ),
    ]
}
