import ConsiliumCore
import ConsiliumReports

/// A measure, a part of the triangle index, or a figure that is printed beside a measure.
enum MeasureName {
    /// The name as the network has it, in whatever case it was typed: no two names differ in case alone.
    static func read(_ text: String) -> String {
        let typed = text.lowercased()
        return MeasureFigure.allCases.first { $0.rawValue.lowercased() == typed }?.rawValue ?? text.uppercased()
    }
}

extension Failure {
    /// Who asks for a month or a year of what is published is told which quarter there is, instead of which role to seek.
    func leadingToQuarters(_ period: GovernancePeriod, _ language: Language) -> Failure {
        guard !period.isQuarter else { return self }
        let month = period.days.lowerBound.month
        let quarter = "\(month.prefix(4))-Q\(((Int(month.suffix(2)) ?? 1) + 2) / 3)"
        return Failure(
            status,
            items: items.map { item in
                guard item.code == Refusal.Code.notPermitted.rawValue, item.place == "period" else { return item }
                return Item(
                    code: item.code,
                    place: item.place,
                    sentence: language == .zh
                        ? "对外只公布季度数据；月份和年份的精确计数仅供审计员查看"
                        : "only quarters are published; exact counts of a month or a year are for auditors",
                    next: language == .zh
                        ? "请使用季度，例如 --period \(quarter)；审计员请去掉 --scope published"
                        : "ask for a quarter, such as --period \(quarter); an auditor leaves out --scope published"
                )
            }
        )
    }
}

/// How `drill --case` says that it knows no such case: what a reference is, and where one is found.
struct DrillAdvice {
    let measure: String
    let period: GovernancePeriod
    let ledger: String?
    let language: Language

    private var list: String {
        let copy = ledger.map { " --ledger \($0)" } ?? ""
        return DisplayWidth.harmless("`consilium governance drill \(measure) --period \(period.label)\(copy)`")
    }

    /// `text` has not the form of a reference to a case.
    func malformed(_ text: String) -> Failure {
        let shown = DisplayWidth.harmless(text)
        if ["governance/", "network/"].contains(where: { text.hasPrefix($0) }) { return record(shown) }
        return failure(
            "--case",
            Phrase(
                "\(shown) is not the reference of a case, which is 20 digits and letters from a to f",
                "\(shown) 不是会诊代号；会诊代号为 20 位数字和 a 至 f 的字母"
            ),
            next: Phrase(
                "take one from the column CASE of \(list); entries of a register (contracts, incidents and the like) "
                    + "have none: see `consilium registers list KIND`",
                "请从 \(list) 的“会诊代号”一栏中选取；合同、事件等登记条目没有会诊代号，请用 `consilium registers list 种类` 查看"
            )
        )
    }

    /// A record of a register or of the network, as a list names it that has no cases.
    private func record(_ shown: String) -> Failure {
        failure(
            "--case",
            Phrase(
                "\(shown) is a record of a register or of the network, and not a case",
                "\(shown) 是登记册或协作网的记录，不是会诊"
            ),
            next: Phrase(
                "its line in \(list) is all there is of it, and is cited as it stands; only cases have events to list",
                "\(list) 中该行即其全部内容，可直接引用；只有会诊才能列出事件"
            )
        )
    }

    /// What the ledger or the hub answered, with where to look when it has no such case.
    func answered(_ failure: Failure, to reference: AuditReference) -> Failure {
        let isUnknown = failure.items.contains {
            $0.code == Refusal.Code.notFound.rawValue && $0.place == "reference"
        }
        guard isUnknown else { return failure }
        return self.failure(
            "--case",
            Phrase(
                "no case has the reference \(reference) in \(period.label)",
                "\(period.label) 中没有代号为 \(reference) 的会诊"
            ),
            next: Phrase(
                "a case has another reference in every period: take it from \(list), or give the period of its list",
                "同一会诊在每个时段的代号各不相同：请从 \(list) 中选取，或改用该代号所在列表的时段"
            )
        )
    }

    private func failure(_ place: String, _ sentence: Phrase, next: Phrase) -> Failure {
        Failure(
            .refused,
            Refusal.Code.notFound.rawValue,
            at: place,
            sentence[language],
            next: next[language]
        )
    }
}
