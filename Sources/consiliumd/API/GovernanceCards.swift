import ConsiliumCore
import Hummingbird

/// Registers as `/network/governance/registers/KIND` shows them. What went wrong at a site, its findings and incidents, is
/// shown to that site, to auditors and to administrators.
struct RegisterCards {
    private let governance: Governance
    private let actor: Actor

    init(_ governance: Governance, for actor: Actor) {
        self.governance = governance
        self.actor = actor
    }

    private func concerns(_ site: SiteID?) -> Bool {
        !actor.roles.isDisjoint(with: [.auditor, .networkAdministrator, .siteAdministrator]) || site == actor.site
    }

    private struct FindingCard: Encodable {
        var id: String
        var owner: SiteID
        var severity: AuditFinding.Severity
        var indicator: Indicator
        var due: CivilDay
        var state: String
        var openedOn: CivilDay
        var closedOn: CivilDay?
    }

    private struct IncidentCard: Encodable {
        var id: String
        var site: SiteID?
        var category: Incident.Category
        var severity: Incident.Severity
        var day: CivilDay
        var resolvedAt: Instant?
    }

    private struct RegionsCard: Encodable {
        var year: Int
        var version: String
        var source: String
        var regions: Int
    }

    private struct ReturnCard: Encodable {
        var site: SiteID
        var year: Int
        var version: Int
        var proposals: Int
        var investments: Int
        var filedAt: Instant
        var form: String
    }

    func reply(_ kind: String) throws -> Response {
        func byID<Entry>(_ entries: [String: Entry]) -> [Entry] {
            entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.value)
        }
        switch kind {
        case "partner": return try Reply.json(byID(governance.partners))
        case "contract": return try Reply.json(byID(governance.contracts))
        case "tariff":
            let all = governance.tariffs.values.joined()
            func key(_ tariff: Tariff) -> (SiteID, CivilDay, String, String) {
                (tariff.site, tariff.from, tariff.service.rawValue, tariff.department?.description ?? "")
            }
            return try Reply.json(all.sorted { key($0) < key($1) })
        case "rule-pack": return try Reply.json(byID(governance.rulePacks).flatMap { $0 })
        case "obligation": return try Reply.json(byID(governance.obligations))
        case "evidence": return try Reply.json(byID(governance.evidence).flatMap { $0 })
        case "finding":
            return try Reply.json(
                governance.findings.filter { concerns($0.value.finding.owner) }.sorted { $0.key < $1.key }
                    .map { id, record in
                        FindingCard(
                            id: id.description,
                            owner: record.finding.owner,
                            severity: record.finding.severity,
                            indicator: record.finding.indicator,
                            due: record.finding.due,
                            state: record.state.rawValue,
                            openedOn: record.openedOn,
                            closedOn: record.closedOn
                        )
                    }
            )
        case "incident":
            return try Reply.json(
                governance.incidents.filter { concerns($0.value.incident.site) }.sorted { $0.key < $1.key }
                    .map { id, record in
                        IncidentCard(
                            id: id.description,
                            site: record.incident.site,
                            category: record.incident.category,
                            severity: record.incident.severity,
                            day: record.incident.day,
                            resolvedAt: record.resolvedAt
                        )
                    }
            )
        case "regions":
            return try Reply.json(
                governance.regionTables.sorted { $0.key < $1.key }.flatMap(\.value)
                    .map {
                        RegionsCard(year: $0.year, version: $0.version, source: $0.source, regions: $0.regions.count)
                    }
            )
        case "return":
            return try Reply.json(
                governance.returns.values.joined()
                    .sorted {
                        ($0.content.site, $0.content.year, $0.version) < ($1.content.site, $1.content.year, $1.version)
                    }
                    .map {
                        ReturnCard(
                            site: $0.content.site,
                            year: $0.content.year,
                            version: $0.version,
                            proposals: $0.content.proposals.count,
                            investments: $0.content.investments.count,
                            filedAt: $0.filedAt,
                            form: $0.content.form
                        )
                    }
            )
        default: throw Refusal(.notFound, at: "register", kind)
        }
    }
}

/// An assessment as far as `reader` may see it.
struct AssessmentCard: Encodable {
    struct SheetCard: Encodable {
        var auditor: String
        var arbitrates: Bool
        var signedAt: Instant?
        var ratings: [Assessment.Rating]
    }

    var id: String
    var from: Instant
    var to: Instant
    var state: String
    var standing: String
    var questionnaireVersion: String
    var modelVersion: String
    /// How many have rated, and how many of them have signed.
    var auditors: Int
    var signed: Int
    var disputed: [Indicator]
    var lockedAt: Instant?
    var sheets: [SheetCard]

    init(_ assessment: Assessment, reader: Principal?) {
        id = assessment.id.description
        from = assessment.period.from
        to = assessment.period.to
        state = assessment.state.rawValue
        standing = assessment.standing.rawValue
        questionnaireVersion = assessment.questionnaireVersion
        modelVersion = assessment.modelVersion
        auditors = assessment.sheets.count
        signed = assessment.sheets.count { $0.signedAt != nil }
        disputed = assessment.disputed
        lockedAt = assessment.lockedAt
        sheets = assessment.sheets(visibleTo: reader)
            .map { sheet in
                SheetCard(
                    auditor: sheet.auditor.description,
                    arbitrates: sheet.arbitrates,
                    signedAt: sheet.signedAt,
                    ratings: Indicator.allCases.compactMap { sheet.ratings[$0] }
                )
            }
    }
}
