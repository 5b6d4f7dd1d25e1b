import ConsiliumCore

/// RF1, ORC, OBR, TQ1 and PRD: what is asked, by whom, of whom.
extension ReferralReader {
    /// The number of a field of RF1, allowing for the site's shift.
    private func rf1(_ field: Int) -> Int { field == 1 ? 1 : field - referralShift }

    mutating func readRequest(_ header: HL7v2Header) throws(FormatError) {
        let referral = message.first("RF1")
        let order = message.first("ORC")
        let observationRequest = message.first("OBR")
        if let referral { try readReferral(referral) }
        if application[.requestNumber] == nil {
            fill(.requestNumber, order.flatMap { number($0, 2) } ?? observationRequest.flatMap { number($0, 2) })
        }
        if let order { fill(.authoredOn, try time(order, 9)) }
        if application[.authoredOn] == nil { fill(.authoredOn, HL7Time(header.messageTime)?.dateTime) }
        if let timing = message.first("TQ1") {
            timing.mark(1)
            collectPriority(timing, 9, name: 2)
            if let text = timing.text(7) { fill(.preferredTime, HL7Time(text)?.dateTime ?? text) }
        }
        for segment in message.all("OBR") {
            segment.mark(1)
            collectPriority(segment, 27, code: 6)
            collectPriority(segment, 5)
        }
        if let order {
            order.mark(1)
            collectPriority(order, 7, code: 6)
        }
    }

    private mutating func readReferral(_ referral: ER7Segment) throws(FormatError) {
        referral.mark(1)
        if referralShift == 0 {
            // The shifted layout is the one that leaves the priority out.
            collectPriority(referral, 2, name: 2)
            markSystem(referral, 2)
        }
        if let disposition = referral.text(rf1(4)) {
            markSystem(referral, rf1(4))
            if disposition == "SO" { _ = referral.text(rf1(4), 2) }
        }
        try guardAgainstShift(referral)
        if application[.requestNumber] == nil { fill(.requestNumber, number(referral, rf1(6))) }
        if referral.isFilled(rf1(9)) {
            fill(.authoredOn, try time(referral, rf1(9)))
        } else {
            fill(.authoredOn, try time(referral, rf1(7)))
        }
        if let text = referral.prose(rf1(14)) {
            fill(.reason, text)
        } else {
            fill(.reason, codedText(referral, rf1(10)))
        }
        fill(.note, referral.prose(rf1(24)))
    }

    /// A bare date where the request number belongs, and none where the date belongs: everything stands one field too
    /// early. Taken at its word, all requests of a day would be one case.
    private func guardAgainstShift(_ referral: ER7Segment) throws(FormatError) {
        guard let text = referral.peek(rf1(6)), text.utf8.count == 8, HL7Time(text) != nil else { return }
        let dates = [7, 9].compactMap { referral.peek(rf1($0)) }
        if dates.contains(where: { HL7Time($0) != nil }) { return }
        throw FormatError(
            .invalidValue,
            at: referral.path(rf1(6)),
            "a date where the request number belongs; if all of RF1 stands one field early, switch on the repair "
                + Repair.shiftedReferral.rawValue
        )
    }

    /// An entity identifier: its first component, or, where that is empty, the only one that is filled.
    private mutating func number(_ segment: ER7Segment, _ field: Int) -> String? {
        if let text = segment.text(field) {
            for component in 2...4 { segment.mark(field, component: component) }
            return text
        }
        let filled = (2...4).filter { segment.peek(field, $0) != nil }
        guard filled.count == 1 else { return nil }
        warnings.append(HL7v2Warning(.misplaced, at: segment.path(field, filled[0])))
        return segment.text(field, filled[0])
    }

    /// The coding system's name is context, not content.
    private func markSystem(_ segment: ER7Segment, _ field: Int) { segment.mark(field, component: 3) }

    /// The texts of a coded field, codes where there is no text.
    func codedText(_ segment: ER7Segment, _ field: Int) -> String? {
        var texts: [String] = []
        for repetition in stride(from: 0, to: segment.repetitions(field), by: 1) {
            let code = segment.text(field, 1, repetition: repetition)
            if let text = segment.text(field, 2, repetition: repetition) ?? code { texts.append(text) }
        }
        markSystem(segment, field)
        return texts.isEmpty ? nil : texts.joined(separator: "; ")
    }

    // MARK: People

    mutating func readPeople() {
        for provider in message.all("PRD") {
            let roles = (0..<max(1, provider.repetitions(1)))
                .compactMap { provider.text(1, repetition: $0)?.uppercased() }
            for component in [2, 3] { provider.mark(1, component: component) }
            if roles.contains("RP") {
                readRequester(provider)
            } else if roles.contains("RT") {
                readWanted(provider)
            }
        }
        for (name, field) in [("ORC" as SegmentName, 12), ("OBR", 16)] where application[.requesterDoctor] == nil {
            guard let segment = message.first(name),
                let (doctor, repetition) = HL7v2Name.read(segment, field, offset: 1)
            else { continue }
            fill(.requesterDoctor, doctor)
            fill(.requesterLicence, segment.text(field, 1, repetition: repetition))
        }
        fill(.requesterInstitution, message.msh.subcomponent(4, 1, 1))
    }

    private mutating func readRequester(_ provider: ER7Segment) {
        if let (doctor, _) = HL7v2Name.read(provider, 2) { fill(.requesterDoctor, doctor) }
        fill(.requesterTelephone, Self.telephone(provider, 5))
        if let licence = provider.text(7) {
            fill(.requesterLicence, licence)
            for component in [2, 3] { provider.mark(7, component: component) }
        }
        fill(.requesterInstitution, provider.text(10) ?? provider.subcomponent(4, 4, 1))
    }

    /// PRD of role RT: the expert by name, or the site by an identifier of type `OI` or the facility of PRD-4.
    private mutating func readWanted(_ provider: ER7Segment) {
        var person: Int?
        for repetition in stride(from: 0, to: provider.repetitions(7), by: 1) {
            guard ["OI", "ORG", "机构"].contains(provider.peek(7, 2, repetition: repetition)?.uppercased()),
                let site = provider.peek(7, 1, repetition: repetition).flatMap({ SiteID($0) })
            else {
                person = person ?? repetition
                continue
            }
            fill(.wantedSite, site.description)
            for component in [1, 2, 3] { _ = provider.text(7, component, repetition: repetition) }
        }
        if application[.wantedSite] == nil, let site = provider.peekSubcomponent(4, 4, 1).flatMap({ SiteID($0) }) {
            fill(.wantedSite, site.description)
            _ = provider.text(4, 4)
        }
        if let (expert, _) = HL7v2Name.read(provider, 2) {
            fill(.wantedExpert, expert)
        } else if let person {
            fill(.wantedExpert, provider.text(7, repetition: person))
        }
    }

    // MARK: Departments

    /// The wanted department: RF1-3 by the site's map, else OBR-4 or OBR-24 by the map, else PRD-4 of the RT provider.
    /// A department that was named and that nobody knows is told, with what was written.
    mutating func readDepartments() {
        readRequestingDepartment()
        if application[.wantedDepartment] != nil { return }
        var named: [(segment: ER7Segment, field: Int, component: Int)] = []
        var candidates: [(segment: ER7Segment, field: Int, isName: Bool)] = []
        if let referral = message.first("RF1") { candidates.append((referral, rf1(3), true)) }
        if let request = message.first("OBR") {
            candidates.append((request, 4, false))
            candidates.append((request, 24, false))
        }
        for provider in message.all("PRD") where provider.peek(1)?.uppercased() == "RT" {
            candidates.append((provider, 4, true))
        }
        for (segment, field, isName) in candidates {
            let isPlace = segment.name == "PRD"
            let code = segment.peek(field, 1)
            let name = isPlace ? nil : segment.peek(field, 2)
            let system = isPlace ? nil : segment.peek(field, 3)
            guard let text = name ?? code else { continue }
            if let department = codes.department(code: code, name: name, system: system),
                isName || !profile.departments.isEmpty || system != nil
            {
                fill(.wantedDepartment, department.description)
                // A bare code of the national table is no text of the sender's.
                if name != nil || department.description != code { fill(.wantedDepartmentText, text) }
                for component in 1...(isPlace ? 1 : 6) { _ = segment.text(field, component) }
                departmentUnmapped = false
                return
            }
            guard isName else { continue }
            let isReferralType =
                system?.uppercased() == "HL70281" || CodeTables.referralTypes.contains(text.uppercased())
                || code.map { CodeTables.referralTypes.contains($0.uppercased()) } ?? false
            if !isReferralType { named.append((segment, field, name == nil ? 1 : 2)) }
        }
        if let first = named.first {
            departmentUnmapped = true
            fill(.wantedDepartmentText, first.segment.text(first.field, first.component))
            warnings.append(HL7v2Warning(.departmentUnmapped, at: first.segment.path(first.field)))
        }
    }

    /// PV1-10, else PV1-3.1, else PRD-4 of the RP provider.
    private mutating func readRequestingDepartment() {
        let provider = message.all("PRD").first { $0.peek(1)?.uppercased() == "RP" }
        let visit = message.first("PV1")
        guard application[.requesterDepartmentText] == nil else { return }
        // The ward stands in for the department only while nothing better is known.
        let ward = application[.requesterDepartment] == nil ? visit?.text(3) : nil
        guard let text = visit?.text(10) ?? ward ?? provider?.text(4) else { return }
        fill(.requesterDepartmentText, text)
        fill(.requesterDepartment, codes.department(code: text, name: text, system: nil)?.description)
    }
}
