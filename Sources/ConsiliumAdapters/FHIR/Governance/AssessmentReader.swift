package import ConsiliumCore

extension FHIRAdapter {
    /// Reads the ratings of a `QuestionnaireResponse` that an auditor's own system sends, in its order.
    ///
    /// What is not an answer to `questionnaire` is refused, not dropped: an auditor must not believe that a remark was
    /// recorded. Items may be absent (who arbitrates rates the disputed ones); each that is there is complete. Whether
    /// the evidence exists, and whether this auditor may rate, is decided by the assessment.
    ///
    /// - Throws: A `FormatError` at the first place that is wrong: an unknown `linkId`, a value off its scale, an answer
    ///   that is missing or given twice, halves of owner functions that do not add up to the rating.
    package static func decodeAssessment(
        _ bytes: [UInt8],
        questionnaire: Questionnaire = .standard
    ) throws(FormatError) -> [Assessment.Rating] {
        let document = try JSONDocument(bytes)
        guard document.root.isObject else { throw document.root.error(.unparsable, "a resource is a JSON object") }
        let resource = try FHIRResource(document.root)
        guard resource.type == "QuestionnaireResponse" else {
            throw document.root.error(.unsupportedType, at: "resourceType", "a QuestionnaireResponse was expected")
        }
        return try AssessmentReader(questionnaire: questionnaire).read(resource)
    }
}

/// Reads the items of one sheet.
private struct AssessmentReader {
    let questionnaire: Questionnaire

    func read(_ resource: FHIRResource) throws(FormatError) -> [Assessment.Rating] {
        let value = resource.value
        try resource.open()
        try checkHead(value)
        var ratings: [Assessment.Rating] = []
        for item in try value.objects("item") {
            try refuseModifiers(of: item)
            let link = try item.requiredText("linkId")
            guard let indicator = Indicator(rawValue: link), questionnaire.item(indicator) != nil else {
                throw item.error(.unknownCode, at: "linkId", "not an item of the questionnaire")
            }
            if ratings.contains(where: { $0.indicator == indicator }) {
                throw item.error(.duplicateKey, at: "linkId", "\(indicator.rawValue) is rated already")
            }
            ratings.append(try rating(indicator, item))
        }
        guard !ratings.isEmpty else { throw value.error(.missing, at: "item", "no item is rated") }
        return ratings
    }

    private func checkHead(_ value: JSONValue) throws(FormatError) {
        let status = try value.requiredText("status")
        guard ["completed", "amended"].contains(status) else {
            throw value.error(.unsupportedEvent, at: "status", "only completed responses are taken")
        }
        let parts = try value.requiredText("questionnaire").split(separator: "|", omittingEmptySubsequences: false)
        guard parts[0].hasSuffix("/Questionnaire/\(FHIRAdapter.questionnaireID)"), parts.count <= 2 else {
            throw value.error(.invalidValue, at: "questionnaire", "not the questionnaire of this network")
        }
        guard parts.count == 2, parts[1] == questionnaire.version else {
            throw value.error(
                .invalidValue,
                at: "questionnaire",
                "version \(questionnaire.version) is assessed by, and is to be named"
            )
        }
        if let subject = try value.object("subject") {
            let address = try subject.text("reference") ?? ""
            let type = try subject.text("type")
            let isPatient = type == "Patient" || address.contains("Patient/")
            if isPatient { throw subject.error(.invalidValue, "an assessment is of the network, never of a patient") }
        }
    }

    // MARK: An item

    /// What stands under one item's group, each answer once.
    private struct Sheet {
        var codes: [AssessmentLink: Int] = [:]
        var confidence: Assessment.Confidence?
        var evidence: [Assessment.Evidence] = []
        var rating: JSONValue?
    }

    private func rating(_ indicator: Indicator, _ group: JSONValue) throws(FormatError) -> Assessment.Rating {
        if let answer = group.member("answer") { throw answer.error(.invalidValue, "a group has no answer of its own") }
        var sheet = Sheet()
        var seen: Set<AssessmentLink> = []
        for item in try group.objects("item") {
            let link = try link(of: item, indicator, among: Self.links(of: indicator))
            if link != .evidence, !seen.insert(link).inserted {
                throw item.error(.duplicateKey, at: "linkId", "answered already")
            }
            switch link {
            case .rating:
                sheet.codes[link] = try point(item, FHIRSystem.anchor(indicator), Questionnaire.scale)
                sheet.rating = item
            case .residualClaim, .decisionPower: sheet.codes[link] = try point(item, FHIRSystem.ownerHalf, 0...2)
            case .confidence: sheet.confidence = try code(item, FHIRSystem.confidence)
            case .evidence: sheet.evidence.append(try evidence(indicator, item))
            case .evidenceKind, .evidenceReference: break
            }
        }
        guard let value = sheet.codes[.rating], let place = sheet.rating else {
            throw missing(.rating, indicator, group)
        }
        guard let confidence = sheet.confidence else { throw missing(.confidence, indicator, group) }
        guard !sheet.evidence.isEmpty else { throw missing(.evidence, indicator, group) }
        var halves: OwnerHalves?
        if indicator == .ownerFunctions {
            guard let claim = sheet.codes[.residualClaim] else { throw missing(.residualClaim, indicator, group) }
            guard let power = sheet.codes[.decisionPower] else { throw missing(.decisionPower, indicator, group) }
            halves = OwnerHalves(residualClaim: claim, decisionPower: power)
            guard claim + power == value else {
                throw place.error(.invalidValue, at: "answer", "the halves add up to \(claim + power), not \(value)")
            }
        }
        return Assessment.Rating(indicator, value, halves: halves, confidence, evidence: sheet.evidence)
    }

    private func evidence(_ indicator: Indicator, _ group: JSONValue) throws(FormatError) -> Assessment.Evidence {
        var kind: Assessment.Evidence.Kind?
        var reference: String?
        for item in try group.objects("item") {
            let link = try link(of: item, indicator, among: [.evidenceKind, .evidenceReference])
            let isFirst = link == .evidenceKind ? kind == nil : reference == nil
            guard isFirst else { throw item.error(.duplicateKey, at: "linkId", "answered already") }
            if link == .evidenceKind {
                kind = try code(item, FHIRSystem.evidenceKind)
            } else {
                reference = try self.reference(item)
            }
        }
        guard let kind else { throw missing(.evidenceKind, indicator, group) }
        guard let reference else { throw missing(.evidenceReference, indicator, group) }
        return Assessment.Evidence(kind, reference)
    }

    /// What may stand in the group of an item: the halves are owner functions' alone.
    private static func links(of indicator: Indicator) -> Set<AssessmentLink> {
        let all: Set<AssessmentLink> = [.rating, .confidence, .evidence]
        return indicator == .ownerFunctions ? all.union([.residualClaim, .decisionPower]) : all
    }

    private func link(
        of item: JSONValue,
        _ indicator: Indicator,
        among links: Set<AssessmentLink>
    ) throws(FormatError) -> AssessmentLink {
        try refuseModifiers(of: item)
        let text = try item.requiredText("linkId")
        guard let link = links.first(where: { $0.id(indicator) == text }) else {
            throw item.error(.unknownCode, at: "linkId", "not a question of \(indicator.rawValue)")
        }
        return link
    }

    /// R4 asks to refuse what changes the meaning and is not understood.
    private func refuseModifiers(of element: JSONValue) throws(FormatError) {
        if let found = element.member("modifierExtension") {
            throw found.error(.invalidValue, "this network does not understand it")
        }
    }

    private func missing(_ link: AssessmentLink, _ indicator: Indicator, _ group: JSONValue) -> FormatError {
        group.error(.missing, at: "item.where(linkId='\(link.id(indicator))')", "mandatory and absent")
    }

    // MARK: An answer

    private func answer(_ item: JSONValue) throws(FormatError) -> JSONValue {
        if let nested = item.member("item") {
            throw nested.error(.invalidValue, "nothing is asked below this question")
        }
        let answers = try item.objects("answer")
        guard let answer = answers.first else { throw item.error(.missing, at: "answer", "mandatory and absent") }
        if answers.count > 1 { throw answers[1].error(.invalidValue, "one answer was expected") }
        try refuseModifiers(of: answer)
        if let nested = answer.member("item") {
            throw nested.error(.invalidValue, "nothing is asked below this question")
        }
        return answer
    }

    private func code(_ item: JSONValue, in system: String) throws(FormatError) -> (text: String, coding: JSONValue) {
        let answer = try answer(item)
        guard let coding = try answer.object("valueCoding") else {
            throw answer.error(.missing, at: "valueCoding", "a coded answer was expected")
        }
        guard try coding.requiredText("system") == system else {
            throw coding.error(.unknownCode, at: "system", "\(system) was expected")
        }
        return (try coding.requiredText("code"), coding)
    }

    private func code<Value: RawRepresentable>(_ item: JSONValue, _ system: String) throws(FormatError) -> Value
    where Value.RawValue == String {
        let (text, coding) = try code(item, in: system)
        guard let value = Value(rawValue: text) else {
            throw coding.error(.unknownCode, at: "code", "not a code of \(system)")
        }
        return value
    }

    private func point(_ item: JSONValue, _ system: String, _ scale: ClosedRange<Int>) throws(FormatError) -> Int {
        let (text, coding) = try code(item, in: system)
        guard let point = scale.first(where: { "\($0)" == text }) else {
            throw coding.error(.invalidValue, at: "code", "the scale is \(scale.lowerBound) to \(scale.upperBound)")
        }
        return point
    }

    private func reference(_ item: JSONValue) throws(FormatError) -> String {
        let answer = try answer(item)
        let text = try answer.requiredText("valueString")
        guard text.utf8.count <= AssessmentLink.longestReference else {
            throw answer.error(.tooLong, at: "valueString", "more than \(AssessmentLink.longestReference) bytes")
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.value < 0x20 }) else {
            throw answer.error(.invalidValue, at: "valueString", "a reference is no prose")
        }
        return text
    }
}
