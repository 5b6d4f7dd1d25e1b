/// Business statuses of WORKFLOW.md table A; a site that sets one of those not offered yet is told so by its name.
enum BusinessStatus: String {
    case created
    case awaitingInformation = "awaiting-information"
    case queued
    case offered
    case declined
    case lapsed
    case withdrawn
    case accepted
    case inSession = "in-session"
    case reportAvailable = "report-available"
    case loopClosed = "loop-closed"
    case cancelled
    case failed
    case deadLetter = "dead-letter"
    case inTriage = "in-triage"
    case returned
    case visitScheduled = "visit-scheduled"
    case noShow = "no-show"
    case preliminaryOutcome = "preliminary-outcome"
    case signed
    case inQC = "in-qc"
    case qcPassed = "qc-passed"
    case qcReturned = "qc-returned"
    case reportAmended = "report-amended"
    case followUpDue = "follow-up-due"
    case cancelRequested = "cancel-requested"

    var isNotYetOffered: Bool {
        switch self {
        case .inTriage, .returned, .visitScheduled, .noShow, .preliminaryOutcome, .signed, .inQC, .qcPassed,
            .qcReturned, .reportAmended, .followUpDue, .cancelRequested:
            true
        default: false
        }
    }
}
