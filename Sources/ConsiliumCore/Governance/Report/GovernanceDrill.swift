/// The cases behind one figure, by references that name nobody, and what an auditor may read of one of them; or the
/// register's events, where it rests on these.
package struct GovernanceDrill: Hashable, Sendable, Codable {
    package var measure: String
    package var version: Int
    package var period: String
    /// Of all cases that were asked for, not only of those listed.
    package var numerator: Int
    package var denominator: Int
    package var cases: [Case]
    /// Of a figure that rests on registers or on the network's own events.
    package var entries: [Entry]
    /// How many come before those listed; nil when these are the last.
    package var next: Int?

    package init(
        measure: String,
        version: Int,
        period: String,
        numerator: Int,
        denominator: Int,
        cases: [Case] = [],
        entries: [Entry] = [],
        next: Int? = nil
    ) {
        self.measure = measure
        self.version = version
        self.period = period
        self.numerator = numerator
        self.denominator = denominator
        self.cases = cases
        self.entries = entries
        self.next = next
    }

    /// One event of a register, or one line of it.
    package struct Entry: Hashable, Sendable, Codable {
        /// `governance/SEQUENCE` or `network/SEQUENCE`: as an assessment cites it.
        package var reference: String
        package var type: String
        /// `YYYY-MM` in which it counts.
        package var month: String
        /// Whose it is; nil: the network's.
        package var site: SiteID?
        package var codes: [String: String]
        package var numerator: Int
        package var denominator: Int
        /// Of the record, hexadecimal: what a copy of the ledger can be compared with.
        package var hash: String

        package init(
            reference: String,
            type: String,
            month: String,
            site: SiteID?,
            codes: [String: String],
            numerator: Int,
            denominator: Int,
            hash: String
        ) {
            self.reference = reference
            self.type = type
            self.month = month
            self.site = site
            self.codes = codes
            self.numerator = numerator
            self.denominator = denominator
            self.hash = hash
        }
    }

    package struct Case: Hashable, Sendable, Codable {
        package var reference: AuditReference
        /// `YYYY-MM` in which the case counts.
        package var month: String
        package var site: SiteID
        package var tier: Tier
        package var region: String
        package var department: String?
        package var priority: Priority?
        package var numerator: Int
        package var denominator: Int

        /// - Parameter counts: what the case counts, where that is not what is kept of it.
        package init(_ reference: AuditReference, _ cell: MeasureCell, _ counts: MeasureTally.Counts? = nil) {
            let stratum = cell.key.stratum
            self.reference = reference
            month = cell.key.day.month
            site = stratum.site
            tier = stratum.tier
            region = stratum.region
            department = stratum.department?.description
            priority = stratum.priority
            numerator = (counts ?? cell.counts).numerator
            denominator = (counts ?? cell.counts).denominator
        }
    }

    /// The events of one case: types, sites and codes; times as a month and minutes since submission.
    package struct History: Hashable, Sendable, Codable {
        package struct Step: Hashable, Sendable, Codable {
            package var sequence: Int
            package var type: String
            /// Whole minutes since submission.
            package var minutes: Int
            /// Who acted; nil: the hub.
            package var site: SiteID?
            package var codes: [String: String]
            /// Of the record, hexadecimal: what a copy of the ledger can be compared with.
            package var hash: String

            package init(
                sequence: Int,
                type: String,
                minutes: Int,
                site: SiteID?,
                codes: [String: String],
                hash: String
            ) {
                self.sequence = sequence
                self.type = type
                self.minutes = minutes
                self.site = site
                self.codes = codes
                self.hash = hash
            }
        }

        package var reference: AuditReference
        /// Under which an assessment cites the case's events as evidence, `PSEUDONYM/SEQUENCE`; only a hub knows it.
        package var pseudonym: String?
        package var month: String
        package var ageBand: String
        package var sex: Sex
        package var steps: [Step]

        package init(
            reference: AuditReference,
            pseudonym: String?,
            month: String,
            ageBand: String,
            sex: Sex,
            steps: [Step]
        ) {
            self.reference = reference
            self.pseudonym = pseudonym
            self.month = month
            self.ageBand = ageBand
            self.sex = sex
            self.steps = steps
        }
    }
}

extension Event {
    /// What an auditor may read of the event besides its type: codes, never a digest, a licence or a text.
    package var auditCodes: [String: String] {
        var codes: [String: String] = [:]
        func put(_ name: String, _ value: (some RawRepresentable<String>)?) { codes[name] = value?.rawValue }
        func put(_ rulePacks: [RulePack.Reference]) {
            codes["rulePacks"] = rulePacks.isEmpty ? nil : rulePacks.map(\.description).joined(separator: ",")
        }
        switch self {
        case .submitted(let facts):
            put("priority", facts.priority)
            put("consent", facts.consent.state)
            put("consentBasis", facts.consent.basis)
            codes["missing"] = facts.missing.isEmpty ? nil : "\(facts.missing.count)"
            codes["format"] = facts.format.rawValue
            put(facts.rulePacks)
        case .amended(let facts): put("priority", facts.priority)
        case .consentRecorded(let facts, _):
            put("consent", facts.state)
            put("consentBasis", facts.basis)
        case .informationRequested(let facts): codes["gaps"] = facts.gaps.map(\.rawValue).joined(separator: ",")
        case .queued(let facts): put("reason", facts.reason)
        case .offered(let facts):
            put("decidedBy", facts.decidedBy)
            codes["sites"] = facts.invitations.map(\.place.site.description).joined(separator: ",")
            codes["eligible"] = "\(facts.decision.eligible)"
        case .declined(_, let reason, let rulePacks):
            put("reason", reason)
            put(rulePacks)
        case .unroutable(let facts): put("reason", facts.reason)
        case .failed(let reason): put("reason", reason)
        case .reported(let facts):
            put("disposition", facts.disposition)
            put("appropriateTier", facts.appropriateTier)
            put("signature", facts.signature)
            put("credential", facts.credential)
            codes["missing"] = facts.missing.isEmpty ? nil : "\(facts.missing.count)"
            put(facts.rulePacks)
        case .closed(let facts):
            put("decision", facts.decision)
            put("reason", facts.reason)
            codes["rating"] = facts.rating.map { "\($0)" }
        case .cancelled(let reason): put("reason", reason)
        case .outcomeRecorded(let outcome):
            put("result", outcome.result)
            codes["rating"] = outcome.rating.map { "\($0)" }
        case .tierRatedAgain(let tier): put("tier", tier)
        case .transferred(let place), .receivedBelow(let place):
            codes["site"] = place.site.description
            put("tier", place.tier)
        case .discharged(let discharge):
            codes["alive"] = discharge.isAlive ? "yes" : "no"
            codes["eligibleForLowerTier"] = discharge.isEligibleForLowerTier ? "yes" : "no"
        case .priced(let pricing):
            put("tariffSetBy", pricing.tariffSetBy)
            codes["gross"] = "\(pricing.gross)"
            put(pricing.rulePacks)
        case .settlementDisputed(let lines): codes["lines"] = "\(lines.count)"
        case .joined, .noted, .consentWithdrawn, .accepted, .lapsed, .started, .enteredInError, .reminded,
            .leasesExtended, .settled:
            break
        }
        return codes
    }
}
