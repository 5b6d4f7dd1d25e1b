import ConsiliumCore

/// REF^I12 to an application. Field by field as in `Protocols/HL7v2/README.md`.
///
/// An element is filled by the first source that has it: the site's own field map, then elements under this network's
/// own coding system, then the standard's fields.
struct ReferralReader {
    /// The coding system of element names in OBX-3, for what v2 has no field for.
    static let ownSystem = "99CON"

    let message: ER7Message
    let codes: ProfileCodes
    var application = Application()
    var warnings: [HL7v2Warning] = []
    /// Every priority that was stated, with its place; nil: filled with something unknown.
    var priorities: [(place: String, priority: Priority?)] = []
    var departmentUnmapped = false
    /// RF1 fields stand one too early, and the site's profile says so.
    let referralShift: Int
    let receivedAt: Instant

    var profile: ExchangeProfile { codes.profile }

    init(_ message: ER7Message, _ profile: ExchangeProfile, receivedAt: Instant) {
        self.message = message
        self.receivedAt = receivedAt
        codes = ProfileCodes(profile)
        referralShift = profile.repairs.contains(Repair.shiftedReferral.rawValue) ? 1 : 0
    }

    mutating func read(_ header: HL7v2Header) throws(FormatError) -> HL7v2Message {
        for name in ["BTS", "FTS", "SFT"] as [SegmentName] { markAll(name) }
        try readMappedFields()
        readOwnElements()
        try readPatient()
        try readVisit()
        try readRequest(header)
        readPeople()
        readDepartments()
        readClinical()
        try readObservations()
        readNotes()
        try readConsent()
        readPriority()
        if application[.serviceKind] == nil { application[.serviceKind] = ServiceKind.consultation.rawValue }
        var submission = Submission(intent: .application(application), format: .hl7v2)
        submission.departmentUnmapped = departmentUnmapped
        submission.prioritySource = prioritySource
        var decoded = HL7v2Message(header: header, submission: submission)
        decoded.warnings = warnings
        return decoded
    }

    private(set) var prioritySource = PrioritySource.defaulted

    // MARK: Filling elements

    /// Fills `element` unless something did before.
    mutating func fill(_ element: Element, _ value: String?) {
        guard let value, application[element] == nil else { return }
        application[element] = value
    }

    func markAll(_ name: SegmentName) {
        for segment in message.all(name) {
            for field in stride(from: 1, through: segment.fieldCount, by: 1) { segment.mark(field) }
        }
    }

    /// A date or time field, as the element's form.
    ///
    /// - Throws: `invalid-value` when the field is filled with something that is no time or no real day.
    func time(_ segment: ER7Segment, _ field: Int, dateOnly: Bool = false) throws(FormatError) -> String? {
        guard let text = segment.text(field) else { return nil }
        guard let time = HL7Time(text) else {
            throw FormatError(.invalidValue, at: segment.path(field), "no real date or time")
        }
        return dateOnly ? time.date : time.dateTime
    }

    /// Puts `text` into `element` in the form that the element asks for, whatever field it came from.
    mutating func assign(_ element: Element, _ text: String, at path: String) throws(FormatError) {
        switch element {
        case .patientBirthDate, .consentDate, .admittedOn, .authoredOn:
            guard let time = HL7Time(text) else {
                throw FormatError(.invalidValue, at: path, "no real date or time")
            }
            fill(element, element == .patientBirthDate || element == .consentDate ? time.date : time.dateTime)
        case .patientSex:
            guard let sex = codes.sex(text) else { return warnings.append(HL7v2Warning(.codeUnknown, at: path)) }
            fill(element, sex.rawValue)
        case .priority: priorities.append((path, codes.priority(text)))
        case .wantedDepartment:
            fill(.wantedDepartmentText, text)
            if let code = codes.department(code: text, name: text, system: nil) {
                fill(element, code.description)
            } else {
                departmentUnmapped = true
                warnings.append(HL7v2Warning(.departmentUnmapped, at: path))
            }
        case .requesterDepartment:
            fill(.requesterDepartmentText, text)
            fill(element, codes.department(code: text, name: text, system: nil)?.description)
        case .wantedSite: fill(element, SiteID(text)?.description)
        default: fill(element, text)
        }
    }

    /// The site's own places (`fields` of its profile).
    private mutating func readMappedFields() throws(FormatError) {
        guard !profile.fields.isEmpty else { return }
        for (place, name) in profile.fields.sorted(by: { $0.key < $1.key }) {
            guard let path = FieldPath(place), let element = Element(rawValue: name),
                let segment = message.first(path.segment)
            else { continue }
            let text = path.component.map { segment.text(path.field, $0) } ?? segment.prose(path.field)
            if let text { try assign(element, text, at: segment.path(path.field)) }
        }
    }

    /// OBX whose OBX-3 is the name of an element in the network's own coding system.
    private mutating func readOwnElements() {
        for observation in message.all("OBX") where observation.peek(3, 3) == Self.ownSystem {
            guard let name = observation.peek(3), let element = Element(rawValue: name) else { continue }
            observation.mark(1, 2, 3, 4, 11, 14)
            guard let text = observation.prose(5) else { continue }
            if element == .priority {
                priorities.append((observation.path(5), codes.priority(text)))
            } else {
                fill(element, text)
            }
        }
    }

    // MARK: Priority

    /// The most urgent of what was stated. A filled field that no table knows counts as `asap` at least and is told,
    /// so that an emergency is never read as routine.
    private mutating func readPriority() {
        let known = priorities.compactMap(\.priority)
        let unknown = priorities.first { $0.priority == nil }
        if let unknown { warnings.append(HL7v2Warning(.priorityUnknown, at: unknown.place)) }
        guard let best = known.min() else {
            prioritySource = unknown == nil ? .defaulted : .unknown
            application[.priority] = (unknown == nil ? profile.defaultPriority : .asap).rawValue
            return
        }
        if let differing = priorities.first(where: { $0.priority != nil && $0.priority != best }) {
            warnings.append(HL7v2Warning(.priorityConflicting, at: differing.place))
            prioritySource = .conflicting
        } else {
            prioritySource = .stated
        }
        if unknown != nil, best != .stat { prioritySource = .unknown }
        application[.priority] = (unknown == nil ? best : min(best, .asap)).rawValue
    }

    /// A coded priority: code and text are both looked at, because senders write `R^STAT`.
    mutating func collectPriority(_ segment: ER7Segment, _ field: Int, code: Int = 1, name: Int? = nil) {
        let stated = [segment.text(field, code), name.flatMap { segment.text(field, $0) }].compactMap { $0 }
        guard !stated.isEmpty else { return }
        let known = stated.compactMap { codes.priority($0) }
        let path = segment.path(field)
        if known.isEmpty { priorities.append((path, nil)) }
        for priority in known { priorities.append((path, priority)) }
    }
}

/// A place such as `ZPI-4` or `PV1-19.1`, as profiles name it.
struct FieldPath: Equatable {
    var segment: SegmentName
    var field: Int
    var component: Int?

    init?(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let segment = SegmentName(parts[0]) else { return nil }
        let numbers = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(numbers.count), let field = Int(numbers[0]), field > 0 else { return nil }
        if numbers.count == 2 {
            guard let component = Int(numbers[1]), component > 0 else { return nil }
            self.component = component
        }
        self.segment = segment
        self.field = field
    }
}
