/// What an auditor found and a site has to mend by a day.
///
/// Opened by an auditor; closed by the owner with a document; confirmed by an auditor of another site, or reopened, and
/// then it was not closed.
package struct AuditFinding: Hashable, Sendable, Codable {
    package enum Severity: String, CaseIterable, Sendable, Codable {
        case minor
        case major
        case critical
    }

    package var owner: SiteID
    package var severity: Severity
    /// The indicator it speaks of.
    package var indicator: Indicator
    /// The last day to close it.
    package var due: CivilDay

    package init(owner: SiteID, severity: Severity, indicator: Indicator, due: CivilDay) {
        self.owner = owner
        self.severity = severity
        self.indicator = indicator
        self.due = due
    }
}

/// A finding as it stands.
package struct FindingRecord: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        /// Leads to `closed`.
        case open
        /// Leads to `confirmed`, or back to `open`.
        case closed
        case confirmed
    }

    package var finding: AuditFinding
    package var openedOn: CivilDay
    package var state: State
    /// Of the closure that stands.
    package var closedOn: CivilDay?
    /// SHA-256 of what showed the last closure; stays when it is reopened.
    package var document: String?

    /// By the owner in time, and so an auditor says: the owner's word alone closes nothing.
    package var isClosedInTime: Bool { state == .confirmed && closedOn.map { $0 <= finding.due } ?? false }
}
