/// The eight items that auditors rate, each 0-4 with an anchor for every point.
package struct Questionnaire: Hashable, Sendable, Codable {
    package struct Item: Hashable, Sendable, Codable {
        package var indicator: Indicator
        package var question: BilingualText
        /// Five, from 0 to 4.
        package var anchors: [BilingualText]
    }

    /// Ratings lie there.
    package static let scale = 0...4

    package var version: String
    package var items: [Item]

    package func item(_ indicator: Indicator) -> Item? { items.first { $0.indicator == indicator } }

    package static let standard = Questionnaire(
        version: "1",
        items: [
            autonomy(
                .organizationalChanges,
                BilingualText(
                    "How far is the alliance an organisation of its own, able to change its own structure and rules?",
                    "联盟在多大程度上是独立的组织，能够自行改变其结构与规则？"
                )
            ),
            Item(
                indicator: .ownerFunctions,
                question: BilingualText(
                    "Which owner's powers does the alliance hold? Add two halves of 0-2: the claim on what is left over, "
                        + "and the power to appoint and decide (0 none, 1 partial or shared, 2 full).",
                    "联盟拥有哪些所有者权力？两部分各0至2分相加：剩余索取权；任免与决策权（0无，1部分或共有，2完全）。"
                ),
                anchors: [
                    BilingualText("neither a residual claim nor a power to appoint or decide", "既无剩余索取权，也无任免或决策权"),
                    BilingualText("one of the two, partial or shared", "两者之一，且为部分或共有"),
                    BilingualText("one in full, or both in part", "其一完全拥有，或两者均部分拥有"),
                    BilingualText("one in full and the other in part", "其一完全拥有，另一部分拥有"),
                    BilingualText("both in full", "两者均完全拥有"),
                ]
            ),
            autonomy(
                .investmentDecisionRights,
                BilingualText(
                    "How far does the alliance itself decide on investment, equipment and infrastructure?",
                    "联盟在多大程度上自行决定投资、设备与基础设施？"
                )
            ),
            autonomy(
                .personnelManagementRights,
                BilingualText(
                    "How far does the alliance itself appoint, pay and move its staff?",
                    "联盟在多大程度上自行聘任、付酬与调配人员？"
                )
            ),
            autonomy(
                .financialManagementRights,
                BilingualText(
                    "How far does the alliance itself dispose of its revenue and expenditure?",
                    "联盟在多大程度上自行支配收入与支出？"
                )
            ),
            Item(
                indicator: .socialFunctions,
                question: BilingualText(
                    "How are duties to the public and to vulnerable groups carried?",
                    "联盟如何承担对公众和弱势群体的社会职责？"
                ),
                anchors: [
                    BilingualText("nothing stated", "未作规定"),
                    BilingualText("stated as an aim", "作为目标提出"),
                    BilingualText("a service mechanism carries them", "有服务机制落实"),
                    BilingualText("and they are appraised", "并纳入考核"),
                    BilingualText("and they are funded, with published results", "并有经费保障且公布结果"),
                ]
            ),
            Item(
                indicator: .governmentRegulations,
                question: BilingualText("Who supervises the alliance, and how openly?", "谁监管联盟，公开程度如何？"),
                anchors: [
                    BilingualText("no supervisor", "无监管方"),
                    BilingualText("one supervisor", "一个监管方"),
                    BilingualText("two supervisors", "两个监管方"),
                    BilingualText("several parties together", "多方共同监管"),
                    BilingualText("several parties, by codified and published rules", "多方监管，规则成文并公布"),
                ]
            ),
            Item(
                indicator: .institutionalEnvironments,
                question: BilingualText("Which rules of the state does the alliance rest on?", "联盟依据国家的哪些制度？"),
                anchors: [
                    BilingualText("no rule", "无规则"),
                    BilingualText("a general call", "一般性号召"),
                    BilingualText("a named national policy", "具名的国家政策"),
                    BilingualText("a binding rule with a payment lever", "有支付手段的约束性规则"),
                    BilingualText("a comprehensive law", "系统的法律"),
                ]
            ),
        ]
    )

    private static func autonomy(_ indicator: Indicator, _ question: BilingualText) -> Item {
        Item(
            indicator: indicator,
            question: question,
            anchors: [
                BilingualText("none; the government decides", "无，由政府决定"), BilingualText("small", "较小"),
                BilingualText("partial", "部分"), BilingualText("greater", "较大"), BilingualText("full", "完全"),
            ]
        )
    }
}
