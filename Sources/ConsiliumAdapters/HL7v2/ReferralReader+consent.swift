import ConsiliumCore

/// Consent: CON (2.5 and later), else ZCN, else the field that the site's profile names.
extension ReferralReader {
    mutating func readConsent() throws(FormatError) {
        if let segment = message.first("CON") {
            try readStandard(segment)
        } else if let segment = message.first("ZCN") {
            try readLocal(segment)
        } else if let place = profile.consentField {
            readMapped(place)
        }
    }

    /// CON-4 (or 3) the form's number, 10 mode, 11 status, 13 decision date, 20 bypass reason, 25 who signed.
    private mutating func readStandard(_ segment: ER7Segment) throws(FormatError) {
        segment.mark(1, 2)
        fill(.consentReference, segment.text(4) ?? segment.text(3))
        fill(.consentDate, try time(segment, 13, dateOnly: true))
        let mode = segment.text(10)?.uppercased()
        switch segment.text(11)?.uppercased() {
        case "R", "X": fill(.consentState, ConsentState.withdrawn.rawValue)
        case "P": fill(.consentState, ConsentState.missing.rawValue)
        case "B":
            _ = segment.text(20)
            fill(.consentBasis, ConsentBasis.emergency.rawValue)
        case nil, "A", "L", "C": break
        default: warnings.append(HL7v2Warning(.codeUnknown, at: segment.path(11)))
        }
        if let relation = segment.text(25) {
            for component in [2, 3] { segment.mark(25, component: component) }
            let basis = CodeTables.consentRelations[relation] ?? CodeTables.consentBases[relation.uppercased()]
            if basis == nil { warnings.append(HL7v2Warning(.codeUnknown, at: segment.path(25))) }
            fill(.consentBasis, basis?.rawValue)
        } else if mode == "W" || mode == nil && application[.consentReference] != nil {
            fill(.consentBasis, ConsentBasis.written.rawValue)
        }
    }

    /// ZCN-1 basis, 2 archive number, 3 date, 4 obtained by.
    private mutating func readLocal(_ segment: ER7Segment) throws(FormatError) {
        if let text = segment.text(1) {
            let basis = CodeTables.consentBases[text.uppercased()]
            if basis == nil { warnings.append(HL7v2Warning(.codeUnknown, at: segment.path(1))) }
            fill(.consentBasis, basis?.rawValue)
        }
        fill(.consentReference, segment.text(2))
        fill(.consentDate, try time(segment, 3, dateOnly: true))
        if let obtainedBy = segment.prose(4) { fill(.consentObtainedBy, obtainedBy) }
    }

    /// `ZPI-4`, or `NTE:CON`: the note of that type.
    private mutating func readMapped(_ place: String) {
        if place.hasPrefix("NTE:") {
            let type = String(place.dropFirst(4))
            for segment in message.all("NTE") where segment.peek(4) == type {
                segment.mark(1, 2, 4)
                fill(.consentReference, segment.prose(3))
            }
        } else if let path = FieldPath(place), let segment = message.first(path.segment) {
            fill(.consentReference, path.component.map { segment.text(path.field, $0) } ?? segment.prose(path.field))
        }
        if application[.consentReference] != nil { fill(.consentBasis, ConsentBasis.written.rawValue) }
    }
}
