/// What a site declares once a year of what no event carries. Figures that rest on it are labelled *declared*.
package struct SiteReturn: Hashable, Sendable, Codable {
    /// A change of the network's rules that was proposed in that year.
    package struct RuleProposal: Hashable, Sendable, Codable {
        package enum Decision: String, CaseIterable, Sendable, Codable {
            case adopted
            case rejected
            case withdrawn
        }

        package enum Initiator: String, CaseIterable, Sendable, Codable {
            /// The site that files the return.
            case site
            /// The network's own offices; declared by the coordination office's site alone.
            case network
        }

        package var reference: String
        package var initiator: Initiator
        package var proposedOn: CivilDay
        package var decision: Decision?
        package var decidedOn: CivilDay?

        package init(
            reference: String,
            initiator: Initiator,
            proposedOn: CivilDay,
            decision: Decision? = nil,
            decidedOn: CivilDay? = nil
        ) {
            self.reference = reference
            self.initiator = initiator
            self.proposedOn = proposedOn
            self.decision = decision
            self.decidedOn = decidedOn
        }
    }

    /// An investment at the site that was decided in that year.
    package struct InvestmentItem: Hashable, Sendable, Codable {
        package enum Decider: String, CaseIterable, Sendable, Codable {
            case site
            case network
            case investor
            case government
        }

        package var reference: String
        package var decidedOn: CivilDay
        package var decider: Decider
        /// In fen.
        package var amount: Int

        package init(reference: String, decidedOn: CivilDay, decider: Decider, amount: Int) {
            self.reference = reference
            self.decidedOn = decidedOn
            self.decider = decider
            self.amount = amount
        }
    }

    package var site: SiteID
    package var year: Int
    package var proposals: [RuleProposal]
    package var investments: [InvestmentItem]
    /// SHA-256 of the form's bytes, which the signature covers.
    package var form: String
    /// The detached signature of who files it, hexadecimal.
    package var signature: String
    /// While a form is read: where each row stands in it.
    var proposalRows: [Int] = []
    var investmentRows: [Int] = []

    private enum CodingKeys: String, CodingKey {
        case site, year, proposals, investments, form, signature
    }

    package init(
        site: SiteID,
        year: Int,
        proposals: [RuleProposal],
        investments: [InvestmentItem],
        form: String,
        signature: String
    ) {
        self.site = site
        self.year = year
        self.proposals = proposals
        self.investments = investments
        self.form = form
        self.signature = signature
    }
}

/// A return as it was taken.
package struct FiledReturn: Hashable, Sendable {
    package var content: SiteReturn
    /// 1 for the first of its site and year; every later one is a restatement.
    package var version: Int
    package var filedAt: Instant
}
