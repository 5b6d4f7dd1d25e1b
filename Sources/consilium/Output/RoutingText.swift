import ConsiliumCore

/// Why a case went where it went, in words: a decision as stored, and one site's part in it.
struct RoutingText {
    var directory: Directory
    var language: Language

    private var isChinese: Bool { language == .zh }

    private func name(_ site: SiteID) -> String { directory.name(of: site.description, language) }

    /// `why CASE`.
    func decision(_ decision: RoutingDecision) -> String {
        let department = "\(decision.department) \(decision.department.name)"
        var lines = [
            isChinese
                ? "\(LocalTime.text(decision.decidedAt.iso8601)) 按网络版本 \(decision.position)、策略版本 \(decision.policyVersion) 决定"
                : "Decided \(LocalTime.text(decision.decidedAt.iso8601)) at network position \(decision.position),"
                    + " policy version \(decision.policyVersion)",
            isChinese
                ? "科室 \(department)：\(decision.candidates) 家机构设有该科室，\(decision.eligible) 家符合全部规则"
                : "Department \(department): \(decision.candidates) sites offer it, \(decision.eligible) passed every policy",
        ]
        if decision.chosen.isEmpty {
            lines.append(isChinese ? "没有可以邀请的机构" : "Nobody could be asked")
        } else {
            lines += ["", isChinese ? "已邀请：" : "Asked:", ranking(decision.chosen)]
        }
        if !decision.runnersUp.isEmpty {
            lines += ["", isChinese ? "其次：" : "Next in line:", ranking(decision.runnersUp)]
        }
        if !decision.exclusions.isEmpty {
            lines += ["", isChinese ? "未入选：" : "Left out:"]
            for policy in RoutingPolicy.allCases {
                guard let count = decision.exclusions[policy.rawValue] else { continue }
                lines.append("  \(count) × \(Self.reason(policy)[language]) [\(policy.rawValue)]")
            }
        }
        if !decision.fullSites.isEmpty {
            let names = decision.fullSites.map { "\(name($0.site)) \($0.reserved)+\($0.offered)" }
                .joined(separator: ", ")
            lines.append((isChinese ? "  容量已满：" : "  full: ") + names)
        }
        return lines.joined(separator: "\n")
    }

    private func ranking(_ list: [Ranked]) -> String {
        let rows = list.map { ranked in
            Value.object([
                "site": .string(name(ranked.site)), "total": .integer(Int64(ranked.score.total)),
                "parts": .string(parts(ranked.score)), "load": .string("\(ranked.reserved)+\(ranked.offered)"),
            ])
        }
        let table = Table(
            [
                .init("site", Phrase("SITE", "机构")), .init("total", Phrase("SCORE", "得分")),
                .init("parts", Phrase("OF WHICH", "其中")), .init("load", Phrase("IN HAND+OFFERED", "在办+待答复")),
            ],
            rows: rows
        )
        return table.aligned(language, widest: 90).split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    }

    /// The parts of a score that are not nothing.
    func parts(_ score: Score) -> String {
        let named: [(Phrase, Int)] = [
            (Phrase("named", "指定"), score.named), (Phrase("lowest tier", "级别就低"), score.tier),
            (Phrase("free capacity", "空余容量"), score.load), (Phrase("nearness", "距离近"), score.distance),
            (Phrase("live channel", "在线"), score.channel), (Phrase("same prefecture", "同地市"), score.region),
        ]
        return named.filter { $0.1 != 0 }.map { "\($0.0[language]) \($0.1)" }.joined(separator: isChinese ? "，" : ", ")
    }

    /// `why-not CASE SITE`.
    func whyNot(_ answer: WhyNot) -> String {
        let site = name(answer.site)
        var lines: [String] = []
        switch answer.outcome {
        case "offered": lines.append(isChinese ? "\(site) 已被邀请。" : "\(site) was asked.")
        case "runner-up":
            let rank = answer.rank.map(String.init) ?? "?"
            lines.append(
                isChinese
                    ? "\(site) 符合全部规则，排在第 \(rank) 位，未轮到。"
                    : "\(site) passed every policy and stood at rank \(rank); better ones came first."
            )
        case "excluded":
            let reason = answer.policy.map { Self.reason($0)[language] + " [\($0.rawValue)]" } ?? "?"
            lines.append(isChinese ? "\(site) 未入选：\(reason)。" : "\(site) was left out: \(reason).")
        case "not-a-candidate":
            lines.append(isChinese ? "\(site) 没有设置该科室。" : "\(site) does not offer the department.")
        case "unknown-site":
            lines.append(isChinese ? "当时协作网中没有 \(site)。" : "\(site) was not in the network then.")
        default: lines.append("\(site): \(answer.outcome)")
        }
        if let score = answer.score {
            lines.append((isChinese ? "得分 " : "Score ") + "\(score.total): \(parts(score))")
        }
        if let reserved = answer.reserved {
            let offered = answer.offered ?? 0
            lines.append(isChinese ? "当时在办 \(reserved)，待答复 \(offered)" : "In hand then \(reserved), offered \(offered)")
        }
        lines.append(isChinese ? "按网络版本 \(answer.position) 重算" : "Replayed at network position \(answer.position)")
        return lines.joined(separator: "\n")
    }

    /// What each policy means.
    static func reason(_ policy: RoutingPolicy) -> Phrase {
        switch policy {
        case .consentScope: Phrase("the patient's consent does not name the site", "患者同意的范围不包括该机构")
        case .notRequester: Phrase("a site is not its own consultant", "申请机构不邀请自己")
        case .active: Phrase("the site is suspended", "该机构已暂停")
        case .tier: Phrase("the site is on a lower tier than the requester", "级别低于申请机构")
        case .notDeclined: Phrase("it declined, or did not answer in time", "已谢绝或逾期未答")
        case .notOffered: Phrase("it holds an offer already, or another site was chosen by hand", "已持有邀请，或已人工指定他处")
        case .liveChannel: Phrase("stat, and nobody is online there", "急会诊，而该机构无人在线")
        case .capacity: Phrase("its capacity for the department is full", "该科室容量已满")
        }
    }
}
