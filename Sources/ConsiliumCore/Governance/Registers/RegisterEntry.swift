/// What may stand in a register: codes, digests and citations, never a text about a person.
enum RegisterText {
    /// 1 to 64 of letters, digits, `.`, `_`, `-`: an identifier that the recording party gives.
    static func isCode(_ text: String) -> Bool { Principal.isName(text) }

    /// Where a rule stands, as it is cited: 1 to 120 characters without controls.
    static func isCitation(_ text: String) -> Bool {
        (1...120).contains(text.count) && text.contains { !$0.isWhitespace }
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// SHA-256 in lower-case hexadecimal.
    static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    static func requireCode(_ text: String, at place: String) throws(Refusal) {
        guard isCode(text) else {
            throw Refusal(.invalidValue, at: place, "1 to 64 letters, digits, '.', '_' and '-'")
        }
    }

    static func requireCitation(_ text: String, at place: String) throws(Refusal) {
        guard isCitation(text) else { throw Refusal(.invalidValue, at: place, "1 to 120 characters") }
    }

    static func requireDigest(_ text: String, at place: String) throws(Refusal) {
        guard isDigest(text) else { throw Refusal(.invalidValue, at: place, "SHA-256 in lower-case hexadecimal") }
    }
}

/// The days on which an entry holds, both ends included; without an end until further notice.
package struct ValidDays: Hashable, Sendable, Codable {
    package var from: CivilDay
    package var through: CivilDay?

    package init(_ from: CivilDay, through: CivilDay? = nil) {
        self.from = from
        self.through = through
    }

    package func contains(_ day: CivilDay) -> Bool { from <= day && through.map { day <= $0 } ?? true }

    package func overlaps(_ other: ValidDays) -> Bool {
        (through.map { other.from <= $0 } ?? true) && (other.through.map { from <= $0 } ?? true)
    }

    func require(at place: String) throws(Refusal) {
        if let through, through < from { throw Refusal(.invalidValue, at: place, "\(through) is before \(from)") }
    }
}

/// An entry that figures of past days count by: once it holds, nothing moves but its end.
protocol DatedEntry: Equatable {
    var days: ValidDays { get set }
}

extension DatedEntry {
    /// Whether nothing becomes other in `next` than an end that has not come on `today`, moved to a day that has not passed.
    func isOnlyEnded(in next: Self, on today: CivilDay) -> Bool {
        var ended = self
        ended.days.through = next.days.through
        return ended == next
            && [days, next.days].allSatisfy { days in days.through.map { $0 >= today } ?? true }
    }
}

extension Partner: DatedEntry {}
extension Contract: DatedEntry {}
extension RulePack: DatedEntry {}

/// A partner that is no site: who invests in the network or operates it. Sites are partners by the directory.
package struct Partner: Hashable, Sendable, Codable {
    package enum Kind: String, CaseIterable, Sendable, Codable {
        case investor
        case `operator`
    }

    /// A code as sites have them (`SiteID`), unlike that of any site.
    package var id: String
    package var kind: Kind
    package var days: ValidDays

    package init(id: String, kind: Kind, days: ValidDays) {
        self.id = id
        self.kind = kind
        self.days = days
    }
}

/// Who gets how much of a sum.
package struct Share: Hashable, Sendable, Codable {
    /// All of it.
    package static let whole = 1_000_000

    /// A site's code or a partner's.
    package var party: String
    /// Of a million.
    package var millionths: Int

    package init(_ party: String, _ millionths: Int) {
        self.party = party
        self.millionths = millionths
    }

    /// Refuses shares that do not add up to the whole, naming their sum, and a party that stands twice.
    static func require(_ shares: [Share], at place: String) throws(Refusal) {
        var parties: Set<String> = []
        for share in shares {
            guard parties.insert(share.party).inserted else {
                throw Refusal(.invalidValue, at: place, "\(share.party) stands twice")
            }
            guard (0...whole).contains(share.millionths) else {
                throw Refusal(.invalidValue, at: place, "\(share.party): 0 to \(whole)")
            }
        }
        let sum = shares.reduce(0) { $0 + $1.millionths }
        guard sum == whole else { throw Refusal(.sharesDoNotAddUp, at: place, "\(sum) of \(whole)") }
    }
}

/// A contract between partners. Complete once the digest of the signed text is on record.
package struct Contract: Hashable, Sendable, Codable {
    package var id: String
    /// Who signed, with what each gets: at least two.
    package var shares: [Share]
    package var days: ValidDays
    /// SHA-256 of the signed text.
    package var document: String?

    package init(id: String, shares: [Share], days: ValidDays, document: String? = nil) {
        self.id = id
        self.shares = shares
        self.days = days
        self.document = document
    }

    package var isComplete: Bool { document != nil }
}

/// What is asked for a service of a site, and how it is divided: set by the site itself, or for it by the network.
package struct Tariff: Hashable, Sendable, Codable {
    /// The site, unless the network's administrator set it; who says so is who records it.
    package var setBy: Pricing.TariffSetter
    package var site: SiteID
    package var service: ServiceKind
    /// Of all departments where none is named.
    package var department: DepartmentCode?
    /// In fen.
    package var fee: Int
    package var shares: [Share]
    /// Holds until a later one of the same setter, service and department.
    package var from: CivilDay

    package init(
        site: SiteID,
        service: ServiceKind,
        department: DepartmentCode?,
        fee: Int,
        shares: [Share],
        from: CivilDay,
        setBy: Pricing.TariffSetter = .site
    ) {
        self.setBy = setBy
        self.site = site
        self.service = service
        self.department = department
        self.fee = fee
        self.shares = shares
        self.from = from
    }
}

extension Tariff {
    package init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            site: try c.decode(SiteID.self, forKey: .site),
            service: try c.decode(ServiceKind.self, forKey: .service),
            department: try c.decodeIfPresent(DepartmentCode.self, forKey: .department),
            fee: try c.decode(Int.self, forKey: .fee),
            shares: try c.decode([Share].self, forKey: .shares),
            from: try c.decode(CivilDay.self, forKey: .from),
            setBy: try c.decodeIfPresent(Pricing.TariffSetter.self, forKey: .setBy) ?? .site
        )
    }

    var key: Governance.TariffKey {
        Governance.TariffKey(site: site, service: service, department: department, setBy: setBy)
    }
}

/// One version of a rule: where it stands, when it is in force and which check it drives.
package struct RulePack: Hashable, Sendable, Codable {
    /// A gate of the hub. The gates stand whether or not a rule asks for them; while a rule with the check is in force, the
    /// events that passed the gate carry its `Reference`.
    package enum Check: String, CaseIterable, Sendable, Codable {
        /// Nothing clinical is shown to another site before consent; stamps `submitted`.
        case consentBeforeDisclosure = "consent-before-disclosure"
        /// Whom the site's register holds as not valid that day cannot sign; stamps `reported`.
        case credentialAtSignature = "credential-at-signature"
        /// Nobody declines without a coded reason; stamps `declined`.
        case declineReason = "decline-reason"
        /// What a request or report lacks is asked for or refused, and counted; stamps `submitted` and `reported`.
        case mandatoryElements = "mandatory-elements"
        /// A report without a signature that fits the case is refused; stamps `reported`.
        case signedReport = "signed-report"
        /// Limits of acceptance and report, by priority; stamps `submitted`, which carries the deadline.
        case timeLimit = "time-limit"
        /// Lines add up and go to parties of the contracts in force; stamps `priced`.
        case settlement
        /// How long records are kept: only the operator erases (`consiliumd erase`), which no event of a case tells of.
        case retention
        /// Looked at by people alone.
        case none
    }

    /// One version of a rule, as an event names it: `ID/VERSION`.
    package struct Reference: Hashable, Sendable, CustomStringConvertible {
        package var id: String
        package var version: String

        package init(id: String, version: String) {
            self.id = id
            self.version = version
        }

        init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, parts.allSatisfy(RegisterText.isCode) else { return nil }
            self.init(id: parts[0], version: parts[1])
        }

        package var description: String { "\(id)/\(version)" }
    }

    package var id: String
    package var version: String
    /// E.g. 国卫医发〔2018〕50号.
    package var source: String
    package var article: String
    package var check: Check
    package var days: ValidDays

    package init(id: String, version: String, source: String, article: String, check: Check, days: ValidDays) {
        self.id = id
        self.version = version
        self.source = source
        self.article = article
        self.check = check
        self.days = days
    }

    package var reference: Reference { Reference(id: id, version: version) }
}

extension CanonicalWriter {
    /// Absent where no rule was in force.
    mutating func field(rulePacks: [RulePack.Reference]) {
        if !rulePacks.isEmpty { field("rulePacks", strings: rulePacks.map(\.description)) }
    }
}

extension CanonicalObject {
    func rulePacks() throws(RecordError) -> [RulePack.Reference] {
        guard contains("rulePacks") else { return [] }
        var out: [RulePack.Reference] = []
        for text in try strings("rulePacks") {
            guard let reference = RulePack.Reference(text) else { throw RecordError("rulePacks holds \(text)") }
            out.append(reference)
        }
        return out
    }
}

/// What the network or one of its sites must do, and where that is written.
package struct Obligation: Hashable, Sendable, Codable {
    package var id: String
    package var source: String
    package var article: String
    /// nil: the network's own.
    package var owner: SiteID?
    /// When it applies.
    package var days: ValidDays

    package init(id: String, source: String, article: String, owner: SiteID?, days: ValidDays) {
        self.id = id
        self.source = source
        self.article = article
        self.owner = owner
        self.days = days
    }
}

/// That an obligation was met, and for how long that holds.
package struct ObligationEvidence: Hashable, Sendable, Codable {
    package var obligation: String
    /// SHA-256 of the document.
    package var document: String
    package var days: ValidDays

    package init(obligation: String, document: String, days: ValidDays) {
        self.obligation = obligation
        self.document = document
        self.days = days
    }
}

/// Something that endangered the service or its data.
package struct Incident: Hashable, Sendable, Codable {
    package enum Category: String, CaseIterable, Sendable, Codable {
        case outage
        case dataLoss = "data-loss"
        case dataDisclosure = "data-disclosure"
        case patientSafety = "patient-safety"
        case security
        case other
    }

    package enum Severity: String, CaseIterable, Sendable, Codable {
        case low
        case medium
        case high
    }

    /// nil: the network's own.
    package var site: SiteID?
    package var category: Category
    package var severity: Severity
    package var day: CivilDay

    package init(site: SiteID?, category: Category, severity: Severity, day: CivilDay) {
        self.site = site
        self.category = category
        self.severity = severity
        self.day = day
    }
}
