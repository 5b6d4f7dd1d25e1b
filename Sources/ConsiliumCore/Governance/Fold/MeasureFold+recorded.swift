/// Which facts there are, so that a measure whose facts never came says so instead of printing nought.
extension MeasureFold {
    /// Fact types that events can carry. Some are written by every hub from its first case on, the rest (`markers`) only
    /// where the step is used.
    package static let recorded: Set<FactType> = [
        .submission, .routingDecision, .offer, .acceptance, .decline, .clinicalAction, .signedReport, .credential,
        .closure, .appropriateTier, .consentEvidence, .disclosure, .capacitySetting, .elementCount, .medicalAssistance,
        .requesterOutcome, .referral, .discharge, .tariff, .settlement, .dispute, .rosterChange,
    ]

    /// The figure that has counts as soon as an event of that type came. What is priced can be disputed from then on, so
    /// that no dispute is none and not unknown.
    package static let markers: [FactType: MeasureFigure] = [
        .requesterOutcome: .outcomes, .referral: .transfers, .discharge: .discharges, .tariff: .ownTariff,
        .settlement: .ownTariff, .dispute: .ownTariff, .rosterChange: .rosterChanges, .medicalAssistance: .coverKnown,
    ]

    /// The figures that mark a fact type, each once.
    package static let marking = MeasureFigure.ordered.filter { Set(markers.values).contains($0) }

    /// The fact types that a history holds for `period`, from the first days with counts of its figures. A step that began
    /// within 30 days after the period counts: what follows a case is looked at that long. nil: ever.
    package static func recorded(
        _ firstDays: [MeasureFigure: CivilDay],
        for period: Range<CivilDay>? = nil
    ) -> Set<FactType> {
        recorded.filter { type in
            guard let marker = markers[type] else { return true }
            guard let day = firstDays[marker] else { return false }
            return period.map { day.number < $0.upperBound.number + 30 } ?? true
        }
    }
}
