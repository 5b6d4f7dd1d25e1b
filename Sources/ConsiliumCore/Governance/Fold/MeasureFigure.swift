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
    /// Of the same, those of which it is known whether there is cover.
    case coverKnown = "SF5-known"
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
    /// Settled amounts in fen, and what of them the performing site kept. Site: the performer's.
    case kept = "OF3"
    /// Settlements with an amount. Site: the performer's.
    case settlements = "OF3-settlements"
    /// Entries of a register of doctors that were made or changed. Site: the employer's.
    case rosterChanges = "PMR1"
    /// Billable closed consults. Site: the performer's.
    case settledInTime = "FMR1"
    /// Priced consults. Site: the performer's.
    case ownTariff = "FMR2"
    /// Settlement lines. Site: the performer's.
    case disputedLines = "FMR3"
    /// Closed consults from primary and county sites. Site: the requester's.
    case resolvedLocally = "SF1"
    /// Outcomes that were told, each on its day. Site: the requester's.
    case outcomes = "SF1-outcomes"
    /// Closed consults, with the requester's rating of 1 to 5. Site: the performer's.
    case rating = "SF1-rating"
    /// Up-referrals discharged alive. Site: the discharging one.
    case receivedBelow = "SF3"
    /// Of the same, those marked eligible for a lower tier.
    case markedEligible = "SF3-marked"
    /// Discharges after a transfer. Site: the discharging one.
    case discharges = "SF3-discharges"
    /// Closed cases by the tier that finally treated them. Site: the requester's, as of every figure of the triangle.
    case episodes = "TI-episodes"
    /// Transfers, each on its day, and those upward.
    case transfers = "TI-transfers"
    /// Closed cases, and those of which the closing expert named the appropriate tier.
    case tierRated = "TI-rated"
    /// Those from below the highest class of which the appropriate tier is known.
    case siphoned = "TI-S"
    /// Those of which the appropriate tier is known.
    case undertreated = "TI-U"
    /// SF3 and its marking by the site that the patient came from.
    case originReceivedBelow = "TI-D"
    case originMarkedEligible = "TI-D-marked"
    /// S and U of the cases whose appropriate tier was rated twice, by the first and by the second rating.
    case siphonedFirst = "TI-S-first"
    case siphonedAgain = "TI-S-second"
    case undertreatedFirst = "TI-U-first"
    case undertreatedAgain = "TI-U-second"

    /// Hashed by case: an enumeration with raw values is otherwise hashed by their text.
    package func hash(into hasher: inout Hasher) { withUnsafeBytes(of: self) { hasher.combine(bytes: $0) } }

    /// Whether numerator by denominator is a share of cases or events; of the others the denominator, sums, a histogram or
    /// shares are kept.
    package var isShare: Bool {
        switch self {
        case .slots, .experts, .acceptances, .requests, .wait, .firstAction, .routineNet: false
        case .kept, .settlements, .outcomes, .rating, .episodes, .coverKnown: false
        default: true
        }
    }
}
