extension ReferenceMode {
    /// Coded from doi 10.5334/ijic.5417, table 3 and its prose.
    package static let study: [ReferenceMode] = [luohu, tianchang, bch, cjfh]

    package static let luohu = ReferenceMode(
        id: "luohu",
        name: BilingualText("Luohu hospital group", "罗湖医院集团"),
        kind: BilingualText("urban hospital group", "城市医疗集团"),
        ownerHalves: OwnerHalves(residualClaim: 0, decisionPower: 2),
        codings: [
            .organizationalChanges: Coding(3, 3, 3, "independent legal entity"),
            .ownerFunctions: Coding(2, 2, 3, "less residual claims"),
            .investmentDecisionRights: Coding(2, 2, 3, "on behalf of the government"),
            .personnelManagementRights: Coding(3, 3, 3, "greater personnel management rights"),
            .financialManagementRights: Coding(1, 1, 1, "partial execution"),
            .socialFunctions: Coding(3, 3, 3, "based on performance appraisal"),
            .governmentRegulations: Coding(3, 3, 3, "multi-party joint supervision"),
            .institutionalEnvironments: Coding(3, 3, 3, "insurance fund management"),
        ]
    )

    package static let tianchang = ReferenceMode(
        id: "tianchang",
        name: BilingualText("Tianchang county community", "天长县域医共体"),
        kind: BilingualText("county medical community", "县域医疗共同体"),
        ownerHalves: OwnerHalves(residualClaim: 0, decisionPower: 1),
        codings: [
            .organizationalChanges: Coding(2, 2, 2, "under the leadership of the board"),
            .ownerFunctions: Coding(1, 1, 1, "no right to appoint"),
            .investmentDecisionRights: Coding(1, 1, 2, "mainly exercises… large equipment"),
            .personnelManagementRights: Coding(2, 2, 2, "dynamic flow"),
            .financialManagementRights: Coding(1, 1, 2, "relatively small"),
            .socialFunctions: Coding(3, 3, 3, "accountability and assessment of the dean"),
            .governmentRegulations: Coding(1, 1, 1, "mainly supervised by"),
            .institutionalEnvironments: Coding(1, 1, 1, "call for a new medical reform"),
        ]
    )

    package static let bch = ReferenceMode(
        id: "bch",
        name: BilingualText("Beijing Children's Hospital union", "北京儿童医院专科联盟"),
        kind: BilingualText("specialist alliance", "专科联盟"),
        ownerHalves: OwnerHalves(residualClaim: 2, decisionPower: 0),
        codings: [
            .organizationalChanges: Coding(2, 2, 2, "contractual management model"),
            .ownerFunctions: Coding(2, 2, 2, "residual claim is large"),
            .investmentDecisionRights: Coding(3, 3, 3, "greater"),
            .personnelManagementRights: Coding(1, 1, 1, "small"),
            .financialManagementRights: Coding(3, 3, 3, "have autonomy"),
            .socialFunctions: Coding(1, 1, 2, "difficult diseases"),
            .governmentRegulations: Coding(2, 2, 2, "industry + health sector"),
            .institutionalEnvironments: Coding(2, 2, 2, "national graded-care policy"),
        ]
    )

    package static let cjfh = ReferenceMode(
        id: "cjfh",
        name: BilingualText("China-Japan Friendship Hospital network", "中日友好医院远程医疗协作网"),
        kind: BilingualText("telemedicine network", "远程医疗协作网"),
        ownerHalves: OwnerHalves(residualClaim: 2, decisionPower: 0),
        codings: [
            .organizationalChanges: Coding(1, 1, 3, "does not involve the reform of the management system"),
            .ownerFunctions: Coding(2, 2, 2, "large residual claim"),
            .investmentDecisionRights: Coding(3, 3, 3, "greater"),
            .personnelManagementRights: Coding(0, 0, 1, "does not involve"),
            .financialManagementRights: Coding(3, 3, 3, "greater autonomy"),
            .socialFunctions: Coding(2, 2, 2, "joint governance"),
            .governmentRegulations: Coding(2, 1, 2, "security supervision is not enough"),
            .institutionalEnvironments: Coding(2, 1, 2, "laws… not perfect"),
        ]
    )
}
