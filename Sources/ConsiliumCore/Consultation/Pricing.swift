/// What a consultation costs and who gets which part of it. Amounts are whole fen of CNY.
package struct Pricing: Sendable, Equatable {
    /// What one party gets; lines are numbered from 1.
    package struct Line: Sendable, Equatable {
        /// Organisation code of a site, or code of a partner that is no site.
        package var party: SiteID
        package var amount: Int

        package init(_ party: SiteID, _ amount: Int) {
            self.party = party
            self.amount = amount
        }
    }

    /// Who set the tariff whose fee the gross is, as the register of tariffs had it on the day of pricing.
    package enum TariffSetter: String, CaseIterable, Sendable, Codable {
        /// The performing site.
        case site
        /// The network's administrator, for that site.
        case admin
        /// No tariff in force asks that sum.
        case nobody = "none"
    }

    package var tariffSetBy: TariffSetter
    /// In force for settlements.
    package var rulePacks: [RulePack.Reference]
    /// Nothing for a consultation that is free of charge: it is not billable and has no lines.
    package var gross: Int
    package var lines: [Line]

    package init(
        tariffSetBy: TariffSetter,
        rulePacks: [RulePack.Reference] = [],
        gross: Int,
        lines: [Line]
    ) {
        self.tariffSetBy = tariffSetBy
        self.rulePacks = rulePacks
        self.gross = gross
        self.lines = lines
    }

    /// A thousand million yuan: whatever is more is a slip.
    package static let most = 100_000_000_000

    /// The part of `party`.
    package func share(of party: SiteID) -> Int { lines.reduce(0) { $0 + ($1.party == party ? $1.amount : 0) } }

    /// Refuses with `invalid-value` at `gross`, `lines` or `lines[N].amount`.
    package func validate() throws(Refusal) {
        guard (0...Self.most).contains(gross) else {
            throw Refusal(.invalidValue, at: "gross", "0 to \(Self.most) fen")
        }
        var sum = 0
        for (index, line) in lines.enumerated() {
            guard (1...Self.most).contains(line.amount) else {
                throw Refusal(.invalidValue, at: "lines[\(index + 1)].amount", "1 to \(Self.most) fen")
            }
            sum += line.amount
        }
        guard sum == gross else {
            throw Refusal(.invalidValue, at: "lines", "\(sum) fen in all, of \(gross) gross")
        }
    }
}

extension Pricing {
    func write(to w: inout CanonicalWriter) {
        w.field("gross", gross)
        w.field("lines", lines) { w, line in
            w.object { w in
                w.field("amount", line.amount)
                w.field("party", line.party.description)
            }
        }
        w.field(rulePacks: rulePacks)
        w.field("tariffSetBy", tariffSetBy)
    }

    init(_ o: CanonicalObject) throws(RecordError) {
        var lines: [Line] = []
        for item in try o.objects("lines") {
            lines.append(Line(try item.site("party"), try item.int("amount", in: 0...Self.most)))
        }
        self.init(
            tariffSetBy: try o.coded("tariffSetBy"),
            rulePacks: try o.rulePacks(),
            gross: try o.int("gross", in: 0...Self.most),
            lines: lines
        )
    }
}

/// Where the money for a case stands.
package struct Settlement: Sendable, Equatable {
    /// How many lines there are.
    package var lines: Int
    /// Numbers of the lines that the requester's site disputed, in the order of its disputes.
    package var disputed: [Int] = []
    /// A dispute opens it again.
    package var isSettled = false
}
