import ConsiliumCore

/// The words that every form of a report shares: verdicts, standings, and what stands where no number may.
enum Words {
    static let met = BilingualText("met", "达标")
    static let notMet = BilingualText("not met", "未达标")
    static let notShown = BilingualText("not shown", "未能证明")
    static let tooFew = BilingualText("too few", "数量不足")
    static let noValue = BilingualText("no value", "无数值")
    static let notAssessable = BilingualText("not assessable", "不可评估")
    static let hidden = BilingualText("hidden (1-10)", "已隐藏（1-10）")
    static let valid = BilingualText("valid", "有效")
    static let notVerified = BilingualText("not source-verified", "未经源头核查")
    static let verified = BilingualText("a sample was checked against its source", "已抽样与源头核对")
    static let declared = BilingualText("declared", "申报")
    static let notCounted = BilingualText("count not stated", "未给出计数")
    static let withheld = BilingualText("withheld", "不予公布")

    static let neverScored = BilingualText("never scored", "不计分")
    static let notMerit = BilingualText("a position is not a merit: higher is not better", "所处位置并非优劣：数值高不等于更好")
    static let noAssessment = BilingualText("no assessment of this period", "本期没有评估")
    static let noSensitivity = BilingualText("no sensitivity analysis of this period", "本期没有敏感性分析")
    static let selfDeclared = BilingualText(
        "SELF-DECLARED: not audited, compared with nothing",
        "自行申报：未经审计，不与任何模式比较"
    )
    static let audited = BilingualText("audited", "经审计")

    static let scorecard = BilingualText("Governance scorecard", "治理评分卡")
    static let overall = BilingualText("Overall", "总分")
    static let dimensions = BilingualText("Dimensions", "维度")
    static let measures = BilingualText("Measures", "指标")
    static let profile = BilingualText("Autonomy profile", "自主权画像")
    static let triangle = BilingualText("Triangle index", "三角指数")
    static let sensitivity = BilingualText("Sensitivity", "敏感性")
    static let notices = BilingualText("Notices", "说明")
    static let positions = BilingualText("Autonomy position (type A)", "自主权位置（A类）")
    static let controls = BilingualText("Controls (type C)", "控制（C类）")
    static let exchanges = BilingualText("Exchange quality (type X)", "交换质量（X类）")
    static let otherPerformance = BilingualText("Performance without a score", "不计分的绩效指标")

    static let performance = BilingualText("Performance", "绩效")
    static let measure = BilingualText("measure", "指标")
    static let counts = BilingualText("counts", "计数")
    static let value = BilingualText("value", "数值")
    static let valueAndInterval = BilingualText("value (95 % interval)", "数值（95 % 区间）")
    static let interval = BilingualText("95 % interval", "95 % 区间")
    static let target = BilingualText("target", "目标")
    static let verdict = BilingualText("verdict", "结论")
    static let score = BilingualText("score", "得分")
    static let dimension = BilingualText("dimension", "维度")
    static let site = BilingualText("site", "机构")

    static func name(_ kind: Measure.Kind) -> BilingualText {
        switch kind {
        case .autonomy: BilingualText("A, position", "A，位置")
        case .performance: BilingualText("F, performance", "F，绩效")
        case .control: BilingualText("C, control", "C，控制")
        case .exchange: BilingualText("X, exchange quality", "X，交换质量")
        }
    }

    static func name(_ method: Measure.IntervalMethod) -> BilingualText {
        switch method {
        case .wilson: BilingualText("Wilson, 95 %", "Wilson，95 %")
        case .orderStatistic: BilingualText("order statistics, 95 %", "次序统计量，95 %")
        case .logNormal: BilingualText("log-normal, 95 %", "对数正态，95 %")
        case .bootstrap: BilingualText("bootstrap over sites, 95 %", "按机构自助抽样，95 %")
        case .census: BilingualText("census, no interval", "普查，无区间")
        }
    }

    static func name(_ direction: Measure.Direction) -> BilingualText {
        switch direction {
        case .increase: BilingualText("higher is better", "越高越好")
        case .decrease: BilingualText("lower is better", "越低越好")
        }
    }

    static func mapping(_ id: String) -> BilingualText {
        [IndicatorMapping.printedOrder, .semantic].first { $0.id == id }?.name ?? BilingualText(id, id)
    }

    static func mode(_ id: String, in profile: GovernanceReport.ProfilePage) -> BilingualText {
        profile.distances.first { $0.mode == id }?.name ?? ReferenceMode.study.first { $0.id == id }?.name
            ?? BilingualText(id, id)
    }

    static func band(_ code: String) -> BilingualText {
        switch TriangleIndex.Band(rawValue: code) {
        case .inverted: BilingualText("inverted triangle", "倒三角")
        case .transitional: BilingualText("transitional", "过渡")
        case .positive: BilingualText("positive triangle", "正三角")
        case nil: BilingualText(code, code)
        }
    }

    static func analysis(_ code: String) -> BilingualText {
        switch code {
        case "weights": BilingualText("weights", "权重")
        case "aggregation": BilingualText("aggregation", "合成方法")
        case "leave-one-out": BilingualText("leave one out", "逐一剔除")
        case "mapping": BilingualText("mapping", "映射")
        case "coding": BilingualText("coding ranges", "编码范围")
        default: BilingualText(code, code)
        }
    }
}
