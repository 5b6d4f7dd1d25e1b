import ConsiliumCore
import ConsiliumTransport
import Crypto
import Foundation

/// The body of `POST /network/governance/commands`: one verb of the registers, samples or assessments.
struct GovernanceRequest: Decodable {
    private enum Key: String, CodingKey {
        case verb, entry, id, version, measures, site, format, document
        case ratings, rating, period, year, form, signature, reference, reason, verdict
    }

    private enum Asked {
        case command(GovernanceCommand)
        case openAssessment(period: String)
        /// The form's bytes, and the detached signature over them.
        case fileReturn(year: Int, form: Data, signature: String)
        /// A case is named by its reference in a period, never by its number.
        case breakGlass(reference: String, period: String, BreakGlass.Reason)
        case checkSample(Sample.Check)
    }

    private let asked: Asked

    init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: Key.self)
        func entry<Entry: Decodable>(_ type: Entry.Type = Entry.self) throws -> Entry {
            try c.decode(Entry.self, forKey: .entry)
        }
        func id() throws -> TimeOrderedID {
            let text = try c.decode(String.self, forKey: .id)
            guard let id = TimeOrderedID(text) else { throw Refusal(.notFound, at: "id", text) }
            return id
        }
        let verb = try c.decode(String.self, forKey: .verb)
        let command: GovernanceCommand
        switch verb {
        case "adopt":
            command = .adopt(
                version: try c.decode(String.self, forKey: .version),
                adding: try c.decodeIfPresent([Measure].self, forKey: .measures) ?? []
            )
        case "record-partner": command = .recordPartner(try entry())
        case "record-contract": command = .recordContract(try entry())
        case "record-tariff": command = .recordTariff(try entry())
        case "record-rule-pack": command = .recordRulePack(try entry())
        case "record-obligation": command = .recordObligation(try entry())
        case "record-evidence": command = .recordEvidence(try entry())
        case "open-finding": command = .openFinding(try entry())
        case "close-finding":
            command = .closeFinding(try id(), document: try c.decode(String.self, forKey: .document))
        case "confirm-finding": command = .confirmFinding(try id())
        case "reopen-finding": command = .reopenFinding(try id())
        case "record-incident": command = .recordIncident(try entry())
        case "resolve-incident": command = .resolveIncident(try id())
        case "adopt-regions": command = .adoptRegions(try entry())
        case "approve-site": command = .approveSite(try c.decode(SiteID.self, forKey: .site))
        case "pass-conformance":
            command = .passConformance(
                try c.decode(SiteID.self, forKey: .site),
                try c.decode(ExchangeProfile.Format.self, forKey: .format)
            )
        case "file-return":
            asked = .fileReturn(
                year: try c.decode(Int.self, forKey: .year),
                form: try c.decode(Data.self, forKey: .form),
                signature: try c.decode(String.self, forKey: .signature)
            )
            return
        case "seal-sample": command = .sealSample(try entry())
        case "check-sample":
            asked = .checkSample(try entry())
            return
        case "break-glass":
            asked = .breakGlass(
                reference: try c.decode(String.self, forKey: .reference),
                period: try c.decode(String.self, forKey: .period),
                try c.decode(BreakGlass.Reason.self, forKey: .reason)
            )
            return
        case "review-break-glass":
            command = .reviewBreakGlass(try id(), try c.decode(BreakGlass.Verdict.self, forKey: .verdict))
        case "open-assessment":
            asked = .openAssessment(period: try c.decode(String.self, forKey: .period))
            return
        case "declare": command = .assess(try id(), .declare(try c.decode([Assessment.Rating].self, forKey: .ratings)))
        case "rate": command = .assess(try id(), .rate(try c.decode(Assessment.Rating.self, forKey: .rating)))
        case "correct": command = .assess(try id(), .correct(try c.decode(Assessment.Rating.self, forKey: .rating)))
        case "leave": command = .assess(try id(), .leave)
        case "sign": command = .assess(try id(), .sign)
        case "abandon": command = .assess(try id(), .abandon)
        default: throw Refusal(.unknownCode, at: "verb", verb)
        }
        asked = .command(command)
    }

    /// What is asked for as the ledger takes it; refused with the field that is wrong.
    func command(by actor: Actor, on hub: Hub) async throws -> GovernanceCommand {
        let governance = hub.governance.state
        switch asked {
        case .command(let command): return command
        case .openAssessment(let label):
            guard let period = GovernancePeriod(label) else { throw Refusal(.invalidValue, at: "period", label) }
            let bounds = governance.bounds(of: period)
            return .openAssessment(Assessment.Period(from: bounds.lowerBound, to: bounds.upperBound))
        case .fileReturn(let year, let form, let signature):
            // Before anything of the form is looked at.
            guard let site = actor.site, actor.roles.contains(.siteAdministrator) else {
                throw Refusal(.notPermitted, at: nil, Role.siteAdministrator.rawValue)
            }
            guard let bytes = bytes(hexadecimal: signature),
                try hub.caller().identity.certificate.isValidSignature(bytes, over: Array(form))
            else { throw Refusal(.signatureInvalid, at: "signature") }
            do throws(SiteReturnDefects) {
                return .fileReturn(
                    try SiteReturn(
                        csv: Array(form),
                        site: site,
                        year: year,
                        digest: hexadecimal(SHA256.hash(data: form)),
                        signature: signature,
                        isCoordinationOffice: hub.network.coordinationOffice?.id == site,
                        at: governance.day(hub.clock.now())
                    )
                )
            } catch {
                throw Refusal(
                    .returnDefective,
                    at: error.all.first?.location,
                    error.all.map { "\($0.location): \($0.message)" }.joined(separator: "; ")
                )
            }
        case .breakGlass(let reference, let label, let reason):
            // Before all cases are looked through.
            try GovernanceRoutes.requireAuditor(actor)
            guard let reference = AuditReference(reference), let period = GovernancePeriod(label),
                let id = try await hub.governance.caseID(of: reference, period: period)
            else { throw Refusal(.notFound, at: "reference", reference) }
            return .breakGlass(BreakGlass.Opening(caseID: id, sites: [], reason: reason))
        case .checkSample(let check):
            try GovernanceRoutes.requireAuditor(actor)
            guard let reference = AuditReference(check.reference), let period = GovernancePeriod(check.period) else {
                return .checkSample(check, of: nil)
            }
            let id = try await hub.governance.caseID(of: reference, period: period, owner: check.site)
            return .checkSample(check, of: id)
        }
    }
}
