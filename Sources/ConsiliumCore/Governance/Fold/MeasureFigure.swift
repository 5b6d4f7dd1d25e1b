/// What is counted, each under a name of its own: a measure by its identifier, and what is printed beside it.
///
/// The site of a count is the one that the measure asks about, given with each case.
package enum MeasureFigure: String, CaseIterable, Sendable {
    /// Slot-minutes that fall on the day of a change, to the end of that day. Site: the one whose capacity it is.
    case slotMinutes = "OF1"
    /// By how many slots the capacity changed that day; it lasts until it is changed again.
    case slots = "OF1-slots"
    /// Routing decisions. Site: the requester's.
    case overrides = "OF2"
    /// Declines, expired offers among them. Site: the one that was asked.
    case honoured = "DR1"
    /// Reports. Site: the performer's.
    case credentialed = "PMR2"
    /// Reports, and by whom: the keyed digest of the signer's licence number. Site: the performer's.
    case experts = "PMR3"
    /// Requests. Site: the requester's.
    case choice = "MC1"
    /// Acceptances that stand. Site: the performer's.
    case acceptances = "MC2"
    /// Requests that at least one site declined or left unanswered. Site: the requester's.
    case placedElsewhere = "MC3"
    /// Requests, to be set against a population. Site: the requester's.
    case requests = "SF2"
    /// Requests, with whole minutes from submission to acceptance. Site: the requester's.
    case wait = "SF4"
    /// Closed consults, and those of patients with medical-assistance cover. Site: the requester's.
    case assisted = "SF5"
    /// Consults of which another site was shown something. Site: the requester's.
    case consented = "GR1"
    /// Reports. Site: the performer's.
    case signed = "GR3"
    /// Requests that were stat at any time, with whole minutes from submission to acceptance. Site: the requester's.
    case emergencies = "AC1"
    /// Accepted emergencies, with whole minutes from acceptance to the first clinical action. Site: the requester's.
    case firstAction = "AC1-start"
    /// Routine requests, with whole hours from submission to the report, pauses included. Site: the requester's.
    case routine = "AC2"
    /// The same, with whole hours less the pauses.
    case routineNet = "AC2-net"
    /// The same, those in time that never paused: the least that can have been in time by the wall clock.
    case routineUnpaused = "AC2-unpaused"
    /// Minutes paused, of the minutes from submission to report, of reported routine requests.
    case paused = "AC2-paused"
    /// Routine requests for which information was asked.
    case informationAsked = "AC2-asked"
    /// Declines, expired offers among them. Site: the one that was asked.
    case reasoned = "AC3"
    /// Of the same, the expired offers.
    case silent = "AC3-silent"
    /// Mandatory elements of requests (site: the requester's) and of reports (site: the performer's).
    case elements = "IE3"

    /// Whether numerator by denominator is a share; of the others the denominator, a histogram or shares are kept.
    package var isShare: Bool {
        switch self {
        case .slots, .experts, .acceptances, .requests, .wait, .firstAction, .routineNet: false
        default: true
        }
    }
}
