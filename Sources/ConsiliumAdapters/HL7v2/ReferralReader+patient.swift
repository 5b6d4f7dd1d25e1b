import ConsiliumCore

/// PID and PV1.
extension ReferralReader {
    mutating func readPatient() throws(FormatError) {
        guard let pid = message.first("PID") else { return }
        pid.mark(1)
        readIdentifiers(pid)
        if let (name, _) = HL7v2Name.read(pid, 5) { fill(.patientName, name) }
        fill(.patientBirthDate, try birthDate(pid))
        if application[.patientSex] == nil, let text = pid.peek(8) {
            if let sex = codes.sex(text) {
                pid.mark(8)
                application[.patientSex] = sex.rawValue
            } else {
                warnings.append(HL7v2Warning(.codeUnknown, at: pid.path(8)))
            }
        }
        fill(.patientAddress, Self.address(pid, 11))
        fill(.patientTelephone, Self.telephone(pid, 13) ?? Self.telephone(pid, 14))
        // PID-19 is the national number of the person; PID-18 an account.
        if let text = pid.peek(19), ProfileCodes.looksLikeCitizenID(text) {
            fill(.citizenID, text)
            if application[.citizenID] == text { pid.mark(19) }
        }
    }

    /// - Throws: `invalid-value` for what is no real day, or lies more than a day (a time zone's worth) in the future.
    private func birthDate(_ pid: ER7Segment) throws(FormatError) -> String? {
        guard let text = pid.text(7) else { return nil }
        guard let time = HL7Time(text) else {
            throw FormatError(.invalidValue, at: pid.path(7), "no real date or time")
        }
        let tomorrow = CivilTime(receivedAt + .days(1), offsetMinutes: 480)
        guard
            (time.civil.year, time.civil.month, time.civil.day) <= (tomorrow.year, tomorrow.month, tomorrow.day)
        else { throw FormatError(.invalidValue, at: pid.path(7), "a birth date in the future") }
        return time.date
    }

    /// PID-3: one element a repetition, by type code (PID-3.5) and assigning authority (PID-3.4). What finds its
    /// element taken stays unread and so appears in the lost list.
    private mutating func readIdentifiers(_ pid: ER7Segment) {
        for repetition in stride(from: 0, to: pid.repetitions(3), by: 1) {
            guard let value = pid.peek(3, 1, repetition: repetition) else { continue }
            let authority = pid.peekSubcomponent(3, 4, 1, repetition: repetition)
            let type = pid.peek(3, 5, repetition: repetition)
            var element = codes.identifier(type: type, authority: authority, value: value)
            if application[element] != nil, element != .citizenID { element = .otherIdentifier }
            guard application[element] == nil else { continue }
            application[element] = value
            for component in [1, 4, 5] { _ = pid.text(3, component, repetition: repetition) }
        }
        if Element.identifiers.allSatisfy({ application[$0] == nil }) {
            for field in [2, 4] where application[.otherIdentifier] == nil { fill(.otherIdentifier, pid.text(field)) }
        }
    }

    mutating func readVisit() throws(FormatError) {
        guard let visit = message.first("PV1") else { return }
        visit.mark(1)
        let kind = visit.text(2)
        fill(.ward, visit.text(3, 1))
        fill(.bed, visit.text(3, 3))
        if kind == "I" || kind == "住院" { fill(.inpatientNumber, visit.text(19)) }
        fill(.admittedOn, try time(visit, 44))
    }

    /// XTN: the number as written (component 1), unformatted (12), or put together from its parts (5 to 7).
    static func telephone(_ segment: ER7Segment, _ field: Int) -> String? {
        for repetition in stride(from: 0, to: segment.repetitions(field), by: 1) {
            for component in [1, 12] {
                if let number = segment.text(field, component, repetition: repetition) {
                    for use in [2, 3] { _ = segment.text(field, use, repetition: repetition) }
                    return number
                }
            }
            let parts = [5, 6, 7].map { segment.text(field, $0, repetition: repetition) }
            guard let number = parts[2] else { continue }
            for use in [2, 3] { _ = segment.text(field, use, repetition: repetition) }
            let country = parts[0].map { $0.hasPrefix("+") ? $0 : "+\($0)" }
            return [country, parts[1], number].compactMap { $0 }.joined(separator: "-")
        }
        return nil
    }

    /// XAD as one line: Chinese from large to small without spaces, else in the order of the standard.
    static func address(_ segment: ER7Segment, _ field: Int) -> String? {
        let street = segment.text(field, 1)
        let other = segment.text(field, 2)
        let city = segment.text(field, 3)
        let state = segment.text(field, 4)
        let postcode = segment.text(field, 5)
        let country = segment.text(field, 6)
        _ = segment.text(field, 7)
        let parts = [state, city, street, other].compactMap { $0 }
        if parts.contains(where: HL7v2Name.isIdeographic) {
            return [parts.joined(), postcode, country].compactMap { $0 }.joined(separator: " ")
        }
        let line = [street, other, city, state, postcode, country].compactMap { $0 }
        return line.isEmpty ? nil : line.joined(separator: ", ")
    }
}
