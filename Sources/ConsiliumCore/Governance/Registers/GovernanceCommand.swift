/// What is asked of the network's governance.
package enum GovernanceCommand: Sendable, Equatable {
    /// The version that adds `measures` to the last one adopted; the program's own version without measures. Auditors.
    case adopt(version: String, adding: [Measure])
    /// The network's administrator.
    case recordPartner(Partner)
    /// The network's administrator, or the administrator of a site that is party to it; amends one of that identifier,
    /// from the day of recording on.
    case recordContract(Contract)
    /// The site's administrator; the network's where the network sets it.
    case recordTariff(Tariff)
    /// The network's administrator.
    case recordRulePack(RulePack)
    /// The network's administrator; amends one of that identifier, but not what applied in the past.
    case recordObligation(Obligation)
    /// The administrator of the site that has the obligation, or the network's for its own.
    case recordEvidence(ObligationEvidence)
    /// Auditors.
    case openFinding(AuditFinding)
    /// The owner's administrator.
    case closeFinding(TimeOrderedID, document: String)
    /// Auditors of another site than the owner.
    case confirmFinding(TimeOrderedID)
    /// Auditors, of a finding that was closed.
    case reopenFinding(TimeOrderedID)
    /// The site's administrator, or the network's for its own.
    case recordIncident(Incident)
    case resolveIncident(TimeOrderedID)
    /// Auditors.
    case adoptRegions(RegionTable)
    /// The network's administrator.
    case approveSite(SiteID)
    /// The hub by itself at the first message that it took whole, or the network's administrator.
    case passConformance(SiteID, ExchangeProfile.Format)
    /// The site's administrator.
    case fileReturn(SiteReturn)
    /// The hub alone: that the chain was verified today, up to so many records.
    case verifyChain(records: Int)
    /// The hub: what came on a day since it was last counted.
    case countExchanges(CivilDay, [ExchangeCount])
    /// Auditors, before the period begins.
    case sealSample(Sample.Seal)
    /// Auditors, after its end. `digest` is the SHA-256 of the secret's bytes, as the caller computed it; `drawn` the cases of
    /// the references in their order, where they are to be rated again. What is known of each says the ledger.
    case revealSample(Sample.Reveal, digest: String, drawn: [Sample.Drawn] = [])
    /// Auditors of another site than the one whose originals they were, which asked for the case. That the case is the
    /// reference's says the ledger; nil: whoever asks found none of that site's.
    case checkSample(Sample.Check, of: CaseID?)
    /// Auditors, each for themself.
    case breakGlass(BreakGlass.Opening)
    /// The administrator of a site that was told; never of the site of who opened it, and never the network's.
    case reviewBreakGlass(TimeOrderedID, BreakGlass.Verdict)
    /// Auditors.
    case openAssessment(Assessment.Period)
    case assess(TimeOrderedID, AssessmentCommand)
}
