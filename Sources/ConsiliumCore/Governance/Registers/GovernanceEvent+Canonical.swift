extension GovernanceEvent {
    /// Every type of version 1.
    package static let types =
        [
            "model-adopted", "partner-recorded", "contract-recorded", "tariff-recorded", "rule-pack-recorded",
            "obligation-recorded", "evidence-recorded", "finding-opened", "finding-closed", "finding-confirmed",
            "finding-reopened", "incident-recorded", "incident-resolved", "regions-adopted", "site-approved",
            "conformance-passed", "return-filed", "chain-verified", "exchanges-counted", "sample-sealed",
            "sample-revealed", "sample-checked", "second-ratings-assigned", "break-glass-opened",
            "break-glass-reviewed",
        ] + AssessmentEvent.types

    package func write(to w: inout CanonicalWriter) {
        switch self {
        case .modelAdopted(let version, let base, let measures):
            w.field("base", base)
            w.field("measures", document: measures.map(MeasureFacts.init))
            w.field("model", version)
        case .partnerRecorded(let partner): w.field("partner", document: partner)
        case .contractRecorded(let contract): w.field("contract", document: contract)
        case .tariffRecorded(let tariff): w.field("tariff", document: tariff)
        case .rulePackRecorded(let pack): w.field("rulePack", document: pack)
        case .obligationRecorded(let obligation): w.field("obligation", document: obligation)
        case .evidenceRecorded(let evidence): w.field("evidence", document: evidence)
        case .findingOpened(let id, let finding):
            w.field("finding", document: finding)
            w.field("id", id.description)
        case .findingClosed(let id, let document):
            w.field("document", document)
            w.field("id", id.description)
        case .findingConfirmed(let id), .findingReopened(let id), .incidentResolved(let id):
            w.field("id", id.description)
        case .incidentRecorded(let id, let incident):
            w.field("id", id.description)
            w.field("incident", document: incident)
        case .regionsAdopted(let table): w.field("table", document: table)
        case .siteApproved(let site): w.field("site", site.description)
        case .conformancePassed(let site, let format):
            w.field("format", format)
            w.field("site", site.description)
        case .returnFiled(let content, let version):
            w.field("return", document: content)
            w.field("version", version)
        case .chainVerified(let day, let records):
            w.field("day", day.description)
            w.field("records", records)
        case .exchangesCounted(let day, let counts):
            w.field("counts", counts) { w, count in w.object { count.write(to: &$0) } }
            w.field("day", day.description)
        case .sampleSealed(let seal): w.field("seal", document: seal)
        case .sampleRevealed(let reveal): w.field("reveal", document: reveal)
        case .sampleChecked(let check): w.field("check", document: check)
        case .secondRatingsAssigned(let period, let raters):
            w.field("period", period)
            w.field("raters", document: raters)
        case .breakGlassOpened(let id, let opening):
            w.field("id", id.description)
            w.field("opening", document: opening)
        case .breakGlassReviewed(let id, let verdict):
            w.field("id", id.description)
            w.field("verdict", verdict)
        case .assessment(let id, let event):
            w.field("assessment", id.description)
            event.write(to: &w)
        }
    }

    package init(type: String, facts o: CanonicalObject) throws(RecordError) {
        switch type {
        case "model-adopted":
            let measures = try o.documents("measures", as: MeasureFacts.self)
            self = .modelAdopted(
                version: try o.string("model"),
                base: try o.string("base"),
                adding: measures.map(\.measure)
            )
        case "partner-recorded": self = .partnerRecorded(try o.document("partner", as: Partner.self))
        case "contract-recorded": self = .contractRecorded(try o.document("contract", as: Contract.self))
        case "tariff-recorded": self = .tariffRecorded(try o.document("tariff", as: Tariff.self))
        case "rule-pack-recorded": self = .rulePackRecorded(try o.document("rulePack", as: RulePack.self))
        case "obligation-recorded": self = .obligationRecorded(try o.document("obligation", as: Obligation.self))
        case "evidence-recorded": self = .evidenceRecorded(try o.document("evidence", as: ObligationEvidence.self))
        case "finding-opened":
            self = .findingOpened(try o.identifier("id"), try o.document("finding", as: AuditFinding.self))
        case "finding-closed":
            self = .findingClosed(try o.identifier("id"), document: try o.string("document"))
        case "finding-confirmed": self = .findingConfirmed(try o.identifier("id"))
        case "finding-reopened": self = .findingReopened(try o.identifier("id"))
        case "incident-recorded":
            self = .incidentRecorded(try o.identifier("id"), try o.document("incident", as: Incident.self))
        case "incident-resolved": self = .incidentResolved(try o.identifier("id"))
        case "regions-adopted":
            let table = try o.document("table", as: RegionTable.self)
            guard table.isCountable else { throw RecordError("table: a population is out of range") }
            self = .regionsAdopted(table)
        case "site-approved": self = .siteApproved(try o.site("site"))
        case "conformance-passed": self = .conformancePassed(try o.site("site"), try o.coded("format"))
        case "return-filed":
            self = .returnFiled(try o.document("return", as: SiteReturn.self), version: try o.int("version"))
        case "chain-verified": self = .chainVerified(try o.day("day"), records: try o.int("records"))
        case "exchanges-counted":
            var counts: [ExchangeCount] = []
            for count in try o.objects("counts") { counts.append(try ExchangeCount(count)) }
            self = .exchangesCounted(try o.day("day"), counts)
        case "sample-sealed": self = .sampleSealed(try o.document("seal", as: Sample.Seal.self))
        case "sample-revealed": self = .sampleRevealed(try o.document("reveal", as: Sample.Reveal.self))
        case "sample-checked": self = .sampleChecked(try o.document("check", as: Sample.Check.self))
        case "second-ratings-assigned":
            self = .secondRatingsAssigned(
                period: try o.string("period"),
                try o.documents("raters", as: Sample.Rater.self)
            )
        case "break-glass-opened":
            self = .breakGlassOpened(
                try o.identifier("id"),
                try o.document("opening", as: BreakGlass.Opening.self)
            )
        case "break-glass-reviewed": self = .breakGlassReviewed(try o.identifier("id"), try o.coded("verdict"))
        default: self = .assessment(try o.identifier("assessment"), try AssessmentEvent(type: type, facts: o))
        }
    }
}

extension CanonicalObject {
    fileprivate func day(_ name: String) throws(RecordError) -> CivilDay {
        guard let day = CivilDay(try string(name)) else { throw RecordError("\(name) is not a day") }
        return day
    }
}

/// One a site and day: hundreds of thousands in ten years, so they are not read as a document.
extension ExchangeCount {
    fileprivate func write(to w: inout CanonicalWriter) {
        w.field("acceptedAtFirst", acceptedAtFirst)
        w.field("format", format)
        w.field("received", received)
        w.field("site", site.description)
    }

    fileprivate init(_ o: CanonicalObject) throws(RecordError) {
        let received = try o.int("received", in: 0...Self.most)
        self.init(
            site: try o.site("site"),
            format: try o.coded("format"),
            received: received,
            acceptedAtFirst: try o.int("acceptedAtFirst", in: 0...received)
        )
    }
}
