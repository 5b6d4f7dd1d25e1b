/// What happened to the network's governance: registers, adopted definitions, samples and assessments. One stream; who
/// did it stands in the record's envelope.
package enum GovernanceEvent: Sendable, Equatable {
    /// An auditor adopted the version that adds `measures` to the version `base`; the same version without measures.
    case modelAdopted(version: String, base: String, adding: [Measure])
    case partnerRecorded(Partner)
    case contractRecorded(Contract)
    case tariffRecorded(Tariff)
    case rulePackRecorded(RulePack)
    case obligationRecorded(Obligation)
    case evidenceRecorded(ObligationEvidence)
    case findingOpened(TimeOrderedID, AuditFinding)
    /// With the SHA-256 of what shows it.
    case findingClosed(TimeOrderedID, document: String)
    case findingConfirmed(TimeOrderedID)
    case findingReopened(TimeOrderedID)
    case incidentRecorded(TimeOrderedID, Incident)
    case incidentResolved(TimeOrderedID)
    case regionsAdopted(RegionTable)
    case siteApproved(SiteID)
    case conformancePassed(SiteID, ExchangeProfile.Format)
    case returnFiled(SiteReturn, version: Int)
    /// That all records up to then were verified on a day.
    case chainVerified(CivilDay, records: Int)
    /// What came since it was last counted; adds to what the day has.
    case exchangesCounted(CivilDay, [ExchangeCount])
    case sampleSealed(Sample.Seal)
    case sampleRevealed(Sample.Reveal)
    case sampleChecked(Sample.Check)
    /// Who rates the cases of a revealed sample again, in the order drawn; by case and not by reference.
    case secondRatingsAssigned(period: String, [Sample.Rater])
    case breakGlassOpened(TimeOrderedID, BreakGlass.Opening)
    case breakGlassReviewed(TimeOrderedID, BreakGlass.Verdict)
    /// What happened to the assessment of that identifier.
    case assessment(TimeOrderedID, AssessmentEvent)

    package var type: String {
        switch self {
        case .modelAdopted: "model-adopted"
        case .partnerRecorded: "partner-recorded"
        case .contractRecorded: "contract-recorded"
        case .tariffRecorded: "tariff-recorded"
        case .rulePackRecorded: "rule-pack-recorded"
        case .obligationRecorded: "obligation-recorded"
        case .evidenceRecorded: "evidence-recorded"
        case .findingOpened: "finding-opened"
        case .findingClosed: "finding-closed"
        case .findingConfirmed: "finding-confirmed"
        case .findingReopened: "finding-reopened"
        case .incidentRecorded: "incident-recorded"
        case .incidentResolved: "incident-resolved"
        case .regionsAdopted: "regions-adopted"
        case .siteApproved: "site-approved"
        case .conformancePassed: "conformance-passed"
        case .returnFiled: "return-filed"
        case .chainVerified: "chain-verified"
        case .exchangesCounted: "exchanges-counted"
        case .sampleSealed: "sample-sealed"
        case .sampleRevealed: "sample-revealed"
        case .sampleChecked: "sample-checked"
        case .secondRatingsAssigned: "second-ratings-assigned"
        case .breakGlassOpened: "break-glass-opened"
        case .breakGlassReviewed: "break-glass-reviewed"
        case .assessment(_, let event): event.type
        }
    }
}
