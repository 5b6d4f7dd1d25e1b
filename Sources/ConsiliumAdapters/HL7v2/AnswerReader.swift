import ConsiliumCore

/// What performers and requesters answer in v2: RRI^I12 (accept, decline), ORU^R01 (report), ORM^O01 or OMG^O19 (closure).
struct AnswerReader {
    let message: ER7Message
    let codes: ProfileCodes
    /// The case that a control id of ours was about.
    let caseOf: (String) -> CaseID?
    var warnings: [HL7v2Warning] = []

    init(_ message: ER7Message, _ profile: ExchangeProfile, _ caseOf: @escaping (String) -> CaseID?) {
        self.message = message
        codes = ProfileCodes(profile)
        self.caseOf = caseOf
    }

    private func answer(_ reference: CaseReference, _ act: Act, _ header: HL7v2Header) -> HL7v2Message {
        var decoded = HL7v2Message(header: header, submission: Submission(intent: .act(reference, act), format: .hl7v2))
        decoded.inReplyTo = message.first("MSA")?.text(2)
        decoded.warnings = warnings
        return decoded
    }

    /// The first of `fields` that holds a case id of this network.
    private func caseID(in fields: [(ER7Segment?, Int)]) -> CaseID? {
        for case (let segment?, let field) in fields {
            for repetition in stride(from: 0, to: segment.repetitions(field), by: 1) {
                guard let id = segment.peek(field, repetition: repetition).flatMap({ CaseID($0) }) else { continue }
                _ = segment.text(field, repetition: repetition)
                segment.mark(field, component: 2)
                return id
            }
        }
        return nil
    }

    /// Patient, visit and providers say again what the hub knows; which case it is was said by number.
    private func markContext() {
        for name in ["PID", "PV1", "PRD"] as [SegmentName] {
            for segment in message.all(name) {
                for field in stride(from: 1, through: segment.fieldCount, by: 1) { segment.mark(field) }
            }
        }
    }

    // MARK: RRI^I12

    /// RF1-1 `A` accepts, `R` declines; the case by RF1-11, else by MSA-2, else by the request number of RF1-6.
    ///
    /// A decline needs a coded reason in RF1-10.1 (or NTE-3 with NTE-4 `RSN`): declines without one cannot be counted.
    mutating func readDecision(_ header: HL7v2Header) throws(FormatError) -> HL7v2Message {
        guard let referral = message.first("RF1") else {
            throw FormatError(.missing, at: "RF1", "an answer needs RF1 with its status")
        }
        let acknowledged = message.first("MSA")?.text(2)
        message.first("MSA")?.mark(1, 3)
        let reference: CaseReference
        if let id = caseID(in: [(referral, 11)]) ?? acknowledged.flatMap(caseOf) {
            reference = .id(id)
            _ = referral.text(6)
        } else if let number = referral.text(6) {
            reference = .requestNumber(number)
        } else {
            throw FormatError(.missing, at: "RF1-11", "neither case id, control id nor request number names a case")
        }
        for component in [2, 3] {
            for field in [1, 6, 10] { referral.mark(field, component: component) }
        }
        referral.mark(2, 3)
        markContext()
        switch referral.text(1)?.uppercased() {
        case "A": return answer(reference, .accept(appointment: appointment(referral)), header)
        case "R":
            let (reason, text) = try declineReason(referral)
            return answer(reference, .decline(reason, note: freeNote() ?? text), header)
        case nil: throw FormatError(.missing, at: "RF1-1", "A accepts, R declines")
        default: throw FormatError(.unknownCode, at: "RF1-1", "A accepts, R declines")
        }
    }

    /// RF1-7: the time that the performer offers, when it is more than a day.
    private func appointment(_ referral: ER7Segment) -> String? {
        guard let text = referral.text(7) else { return nil }
        return HL7Time(text)?.dateTime ?? text
    }

    private func declineReason(_ referral: ER7Segment) throws(FormatError) -> (DeclineReason, String?) {
        let typed = message.all("NTE").first { $0.peek(4)?.uppercased() == "RSN" }
        guard let stated = referral.text(10) ?? typed?.prose(3) else {
            throw FormatError(.missing, at: "RF1-10", "a decline needs a coded reason")
        }
        typed?.mark(1, 2, 4)
        guard let reason = DeclineReason(rawValue: stated.lowercased()) ?? CodeTables.declineReasons[stated] else {
            let known = DeclineReason.allCases.map(\.rawValue).joined(separator: ", ")
            throw FormatError(.unknownCode, at: referral.isFilled(10) ? "RF1-10" : "NTE-3", "one of \(known)")
        }
        return (reason, referral.text(10, 2))
    }

    /// NTE without a type, or of type `RE`.
    private func freeNote() -> String? {
        let lines = message.all("NTE").filter { ["", "RE"].contains($0.peek(4)?.uppercased() ?? "") }
            .compactMap { segment in
                segment.mark(1, 2, 4)
                return segment.prose(3)
            }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    // MARK: ORU^R01

    /// The report of a performer; signed for the doctor named in OBR-32 by the site.
    mutating func readReport(_ header: HL7v2Header) throws(FormatError) -> HL7v2Message {
        let order = message.first("ORC")
        guard let request = message.first("OBR") else {
            throw FormatError(.missing, at: "OBR", "a report needs OBR")
        }
        let reference: CaseReference
        if let id = caseID(in: [(order, 3), (request, 3), (order, 2), (request, 2)]) {
            reference = .id(id)
            for field in [2, 3] {
                _ = order?.text(field)
                _ = request.text(field)
            }
        } else if let number = order?.text(2) ?? request.text(2) {
            reference = .requestNumber(number)
            _ = request.text(2)
        } else {
            throw FormatError(.missing, at: "OBR-3", "neither case id nor request number names a case")
        }
        order?.mark(1, 5)
        request.mark(1, 4)
        // Namespaces of the two numbers.
        for field in [2, 3] {
            for component in 2...4 {
                order?.mark(field, component: component)
                request.mark(field, component: component)
            }
        }
        switch request.text(25)?.uppercased() {
        case nil, "F", "C": break
        default: throw FormatError(.unknownCode, at: "OBR-25", "only final (F) and corrected (C) reports are taken")
        }
        var reader = ObservationReportReader(message, codes)
        let report = try reader.read(request)
        warnings += reader.warnings
        markContext()
        let signature = Signature(
            kind: .site,
            doctor: report[.expert] ?? "",
            licence: report[.expertLicence] ?? "",
            jws: nil,
            caseVersion: 0
        )
        var decoded = answer(reference, .report(report, signature), header)
        decoded.person = report[.expert]
        return decoded
    }

    // MARK: ORM^O01, OMG^O19

    /// ORC-1 `SC` with ORC-5 `CM` closes: a named reader (ORC-11) and a decision (NTE) are needed, because only a person
    /// ends a case.
    mutating func readClosure(_ header: HL7v2Header) throws(FormatError) -> HL7v2Message {
        guard let order = message.first("ORC") else { throw FormatError(.missing, at: "ORC", "an order needs ORC") }
        guard order.text(1)?.uppercased() == "SC", order.text(5)?.uppercased() == "CM" else {
            throw FormatError(.unsupportedEvent, at: "ORC-1", "only the closure of a case (SC with ORC-5 CM) is taken")
        }
        let request = message.first("OBR")
        request?.mark(1, 4)
        markContext()
        let reference: CaseReference
        if let id = caseID(in: [(order, 3), (request, 3)]) {
            reference = .id(id)
            _ = order.text(2)
            _ = request?.text(2)
        } else if let number = order.text(2) ?? request?.text(2) {
            reference = .requestNumber(number)
            _ = request?.text(2)
        } else {
            throw FormatError(.missing, at: "ORC-2", "no request number")
        }
        for component in [2, 3, 4] { order.mark(2, component: component) }
        guard let (reader, repetition) = HL7v2Name.read(order, 11, offset: 1) else {
            throw FormatError(.missing, at: "ORC-11", "a closure names the person who read the report")
        }
        _ = order.text(11, 1, repetition: repetition)
        var notes: [String: (text: String, path: String)] = [:]
        for segment in message.all("NTE") {
            let type = segment.text(4)?.uppercased() ?? (notes["DEC"] == nil ? "DEC" : "RE")
            segment.mark(1, 2)
            guard let text = segment.prose(3), notes[type] == nil else { continue }
            notes[type] = (text, segment.path(3))
        }
        guard let (decisionText, place) = notes["DEC"] else {
            throw FormatError(.missing, at: "NTE-3", "a closure needs a decision: adopted, partly or not")
        }
        guard let decision = ClosureDecision(rawValue: decisionText.lowercased()) ?? CodeTables.decisions[decisionText]
        else { throw FormatError(.unknownCode, at: place, "the decision is adopted, partly or not") }
        var reason: NotAdoptedReason?
        if let (text, place) = notes["RSN"] {
            reason = NotAdoptedReason(rawValue: text.lowercased()) ?? CodeTables.notAdoptedReasons[text]
            if reason == nil {
                let known = NotAdoptedReason.allCases.map(\.rawValue).joined(separator: ", ")
                throw FormatError(.unknownCode, at: place, "one of \(known)")
            }
        }
        var rating: Int?
        if let (text, place) = notes["RAT"] {
            rating = Int(text)
            guard let rating, (1...5).contains(rating) else {
                throw FormatError(.invalidValue, at: place, "the rating is 1 to 5")
            }
        }
        var decoded = answer(
            reference,
            .close(decision, reason: reason, rating: rating, note: notes["RE"]?.text),
            header
        )
        decoded.person = reader
        return decoded
    }
}
