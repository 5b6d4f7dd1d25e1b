/// What the network may know of an application: taken from it once, before anything is decided, by whoever holds the
/// digest key. Carries no name, no identifier, no text.
package struct ApplicationFacts: Sendable, Equatable {
    package var requester: Place
    package var via: SiteID?
    package var format: ExchangeProfile.Format
    package var requestKey: [UInt8]
    package var present: Set<Element>
    package var priority: Priority?
    package var prioritySource: PrioritySource
    package var serviceKind: ServiceKind
    package var department: DepartmentCode?
    package var departmentUnmapped: Bool
    package var wantedSite: SiteID?
    package var ageBand: AgeBand
    package var sex: Sex
    package var medicalAssistance: Bool?
    package var consent: ConsentFacts
    package var digests: ElementDigests
    package var lost: Int

    /// Reads the facts of `submission`'s application for `requester`; `digests` are keyed digests of the present elements
    /// and attachments. Refuses with `invalid-value` or `unknown-code`, naming the element.
    package init(
        _ application: Application,
        of submission: Submission,
        requester site: Site,
        via: SiteID?,
        requestKey: [UInt8],
        digests: ElementDigests,
        at now: Instant
    ) throws(Refusal) {
        requester = site.place
        self.via = via
        format = submission.format
        self.requestKey = requestKey
        present = Set(application.elements.sorted.map(\.key))
        self.digests = digests
        lost = submission.lost.count
        priority = try Self.coded(application, .priority)
        prioritySource = submission.prioritySource
        serviceKind = try Self.coded(application, .serviceKind) ?? .consultation
        sex = try Self.coded(application, .patientSex) ?? .unknown
        departmentUnmapped = submission.departmentUnmapped
        if let text = application[.wantedDepartment] {
            guard let code = DepartmentCode(text) else {
                throw Refusal(.unknownCode, at: Element.wantedDepartment.rawValue, text)
            }
            department = code
        }
        if let text = application[.wantedSite] {
            guard let code = SiteID(text) else { throw Refusal(.invalidValue, at: Element.wantedSite.rawValue) }
            wantedSite = code
        }
        if let text = application[.patientBirthDate], !Self.isDate(text) {
            throw Refusal(.invalidValue, at: Element.patientBirthDate.rawValue)
        }
        switch application[.medicalAssistance] {
        case nil: medicalAssistance = nil
        case "yes": medicalAssistance = true
        case "no": medicalAssistance = false
        default: throw Refusal(.unknownCode, at: Element.medicalAssistance.rawValue)
        }
        ageBand = AgeBand(birthDate: application[.patientBirthDate], age: application[.patientAge], at: now)
        consent = try Self.consent(in: application.elements, site: site)
    }

    private static func coded<Value: RawRepresentable>(
        _ application: Application,
        _ element: Element
    ) throws(Refusal) -> Value? where Value.RawValue == String {
        guard let text = application[element] else { return nil }
        guard let value = Value(rawValue: text) else { throw Refusal(.unknownCode, at: element.rawValue, text) }
        return value
    }

    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and a real day.
    package static func isDate(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ ($0 >= 48 && $0 <= 57) || $0 == 45 }) else { return false }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), parts[0].utf8.count == 4, let year = Int(parts[0]),
            (1_800...2_200).contains(year)
        else { return false }
        guard parts.count > 1 else { return true }
        guard parts[1].utf8.count == 2, let month = Int(parts[1]) else { return false }
        guard parts.count > 2 else { return (1...12).contains(month) }
        guard parts[2].utf8.count == 2, let day = Int(parts[2]) else { return false }
        return CivilTime(year: year, month: month, day: day).isValid
    }

    /// Consent as facts. `attested` counts only where the site's contract allows it.
    ///
    /// `earlier` is what is on record: a scope, basis or told fee that `elements` does not state stays, so that attaching
    /// a page never widens a scope. A code or organisation that is none is refused at its element.
    package static func consent(
        in elements: Elements<Element>,
        site: Site,
        after earlier: ConsentFacts? = nil
    ) throws(Refusal) -> ConsentFacts {
        var basis = ConsentBasis.unknown
        if let text = elements[.consentBasis] {
            guard let value = ConsentBasis(rawValue: text) else {
                throw Refusal(.unknownCode, at: Element.consentBasis.rawValue, text)
            }
            basis = value
        }
        let evidence = elements[.consentReference] != nil
        var state: ConsentState = evidence || (basis != .unknown && basis != .emergency) ? .given : .missing
        if let text = elements[.consentState] {
            guard let value = ConsentState(rawValue: text) else {
                throw Refusal(.unknownCode, at: Element.consentState.rawValue, text)
            }
            state = value
        }
        if state == .attested, !site.mayAttest { state = .missing }
        var scope: [SiteID]?
        if let text = elements[.consentScope], text != "any" {
            var sites: [SiteID] = []
            for part in text.split(separator: ",") {
                guard let code = SiteID(part.filter { $0 != " " }) else {
                    throw Refusal(.invalidValue, at: Element.consentScope.rawValue)
                }
                sites.append(code)
            }
            scope = sites
        }
        return ConsentFacts(
            state: state,
            basis: elements[.consentBasis] == nil ? earlier?.basis ?? basis : basis,
            scope: elements[.consentScope] == nil ? earlier?.scope : scope,
            hasEvidence: evidence || earlier?.hasEvidence ?? false,
            feeTold: elements[.consentFeeTold].map { $0 == "yes" } ?? earlier?.feeTold ?? false
        )
    }

    /// Mandatory elements of the application that are empty (counted as IE3).
    package var missing: [Element] {
        var missing = Self.mandatory.filter { !present.contains($0) }
        if !present.contains(.patientBirthDate), !present.contains(.patientAge) { missing.append(.patientBirthDate) }
        if Element.identifiers.allSatisfy({ !present.contains($0) }) { missing.append(.medicalRecordNumber) }
        if !present.contains(.requesterDepartment), !present.contains(.requesterDepartmentText) {
            missing.append(.requesterDepartment)
        }
        return missing
    }

    /// DOMAIN.md section 4, "Mandatory in this network", apart from the alternatives that `missing` knows.
    package static let mandatory: [Element] = [
        .patientName, .patientSex, .summary, .reason, .purpose, .diagnosisName, .wantedDepartment, .priority,
        .requesterDoctor, .requestNumber, .consentBasis,
    ]

    /// How many an application must carry: `mandatory`, a birth date or an age, one identifier, the requester's department
    /// and the requester's institution, without which no application is taken, so that `missing` never names it.
    package static let mandatoryCount = mandatory.count + 4
}
