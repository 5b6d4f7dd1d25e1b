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
            return firstDays[marker].map { reaches($0, back: period) } ?? false
        }
    }

    fileprivate static func reaches(_ day: CivilDay, back period: Range<CivilDay>?) -> Bool {
        period.map { day.number < $0.upperBound.number + 30 } ?? true
    }
}

extension MeasureTally {
    /// The fact types that this history holds for `period`; nil: ever.
    package func recorded(for period: Range<CivilDay>? = nil) -> Set<FactType> {
        MeasureFold.recorded.filter { holds($0, for: period) }
    }

    /// Whether this history holds facts of `type` for `period`; nil: ever. Ends at the first cell that shows it.
    package func holds(_ type: FactType, for period: Range<CivilDay>? = nil) -> Bool {
        guard MeasureFold.recorded.contains(type) else { return false }
        guard let marker = MeasureFold.markers[type] else { return true }
        return cells(of: marker)
            .contains { key, counts in counts.denominator > 0 && MeasureFold.reaches(key.day, back: period) }
    }
}
