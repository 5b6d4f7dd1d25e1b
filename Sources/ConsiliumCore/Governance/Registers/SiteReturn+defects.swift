extension SiteReturn {
    package static let mostRows = 10_000
    /// So many are named; whoever has more corrects these first.
    package static let mostDefects = 50

    /// What cannot be in a return, each by row and column of the form, the first `mostDefects` of them; empty when nothing
    /// is wrong.
    ///
    /// - Parameters:
    ///   - isCoordinationOffice: whether the site may declare what the network's offices proposed.
    ///   - today: nothing that was decided after it can be declared.
    package func defects(isCoordinationOffice: Bool, at today: CivilDay) -> [FormatError] {
        guard (1_900...2_200).contains(year) else { return [FormatError(.invalidValue, at: "year", "1900 to 2200")] }
        guard proposals.count + investments.count <= Self.mostRows else {
            return [FormatError(.tooLong, at: "return", "at most \(Self.mostRows) rows")]
        }
        var found: [FormatError] = []
        var references: Set<String> = []
        func add(_ code: FormatError.Code, _ row: Int, _ column: Column, _ message: String) {
            if found.count < Self.mostDefects { found.append(FormatError(code, at: Self.place(row, column), message)) }
        }
        func check(_ reference: String, _ row: Int) {
            if !RegisterText.isCode(reference) {
                add(.invalidValue, row, .reference, "1 to 64 letters, digits, '.', '_' and '-'")
            } else if !references.insert(reference).inserted {
                add(.duplicateKey, row, .reference, "stands in a row before")
            }
        }
        func check(_ day: CivilDay, _ row: Int, _ column: Column, isOfYear: Bool) {
            if isOfYear, !days.contains(day) { add(.invalidValue, row, column, "not a day of \(year)") }
            if day > today { add(.invalidValue, row, column, "\(day) has not come") }
        }
        for (index, item) in proposals.enumerated() {
            let row = row(of: index, in: .proposal)
            check(item.reference, row)
            check(item.proposedOn, row, .proposed, isOfYear: true)
            if item.initiator == .network, !isCoordinationOffice {
                add(.invalidValue, row, .initiator, "declared by the coordination office's site alone")
            }
            switch (item.decision, item.decidedOn) {
            case (nil, nil): break
            case (nil, _): add(.missing, row, .decision, "there is a day of decision")
            case (_, nil): add(.missing, row, .decided, "there is a decision")
            case (_, let day?):
                check(day, row, .decided, isOfYear: false)
                if day < item.proposedOn { add(.invalidValue, row, .decided, "before it was proposed") }
            }
        }
        for (index, item) in investments.enumerated() {
            let row = row(of: index, in: .investment)
            check(item.reference, row)
            check(item.decidedOn, row, .decided, isOfYear: true)
            if !(0...1_000_000_000_000).contains(item.amount) {
                add(.invalidValue, row, .amount, "fen, 0 to 1000000000000")
            }
        }
        return found
    }

    var days: Range<CivilDay> { CivilDay(year, 1, 1)..<CivilDay(year + 1, 1, 1) }

    /// Where a row stands in the form; counted from 1 where it came by no form: proposals first.
    private func row(of index: Int, in kind: Kind) -> Int {
        let known = kind == .proposal ? proposalRows : investmentRows
        if known.indices.contains(index) { return known[index] }
        return (kind == .proposal ? 0 : proposals.count) + index + 1
    }

    static func place(_ row: Int, _ column: Column) -> String { "row \(row), column \(column.rawValue)" }
}

extension SiteReturn {
    /// Kinds of rows.
    enum Kind: String, CaseIterable {
        case proposal = "rule-proposal"
        case investment

        var chinese: String { self == .proposal ? "规则提案" : "投资项目" }
    }

    /// Columns of the form, each under its English or its Chinese name.
    enum Column: String, CaseIterable {
        case kind
        case reference
        case initiator
        case proposed
        case decision
        case decided
        case decider
        case amount

        var chinese: String {
            switch self {
            case .kind: "类别"
            case .reference: "编号"
            case .initiator: "发起方"
            case .proposed: "提出日期"
            case .decision: "决定"
            case .decided: "决定日期"
            case .decider: "决定方"
            case .amount: "金额分"
            }
        }

        /// What a row of that kind may hold there.
        func belongs(to kind: Kind) -> Bool {
            switch self {
            case .kind, .reference, .decided: true
            case .initiator, .proposed, .decision: kind == .proposal
            case .decider, .amount: kind == .investment
            }
        }
    }
}
