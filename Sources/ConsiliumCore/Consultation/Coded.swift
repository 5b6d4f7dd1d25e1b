/// FHIR R4 `request-priority`; the order of the cases is the order of urgency.
package enum Priority: String, CaseIterable, Comparable, Sendable, Codable {
    case stat
    case asap
    case urgent
    case routine

    /// 0 is the most urgent.
    package var rank: Int {
        switch self {
        case .stat: 0
        case .asap: 1
        case .urgent: 2
        case .routine: 3
        }
    }

    /// More urgent is less.
    package static func < (a: Priority, b: Priority) -> Bool { a.rank < b.rank }
}

/// How a priority was read from a message (ADAPTERS.md, "priority by precedence").
package enum PrioritySource: String, Sendable, Codable {
    case stated
    /// Two fields disagreed; the more urgent was taken.
    case conflicting
    /// No field was filled; the site's default was taken.
    case defaulted
    /// Filled but unknown: treated as asap and handed to the coordination office.
    case unknown
}

/// WORKFLOW.md, "Kinds of service".
package enum ServiceKind: String, CaseIterable, Sendable, Codable {
    case consultation
    case diagnosisImaging = "diagnosis-imaging"
    case diagnosisECG = "diagnosis-ECG"
    case diagnosisPathology = "diagnosis-pathology"
    case outpatient
    case caseDiscussion = "case-discussion"
    case referral
}

/// GB/T 2261.1.
package enum Sex: String, Sendable, Codable {
    case unknown = "0"
    case male = "1"
    case female = "2"
    case notStated = "9"
}

/// Five-year bands up to 90, so that a fact never carries an age.
package struct AgeBand: RawRepresentable, Hashable, Sendable, Codable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package static let unknown = AgeBand(rawValue: "unknown")

    /// Every band that a fact may carry, youngest first, `unknown` last.
    package static let all: [AgeBand] =
        [AgeBand(years: 0), AgeBand(years: 1)] + stride(from: 5, through: 90, by: 5).map { AgeBand(years: $0) }
        + [.unknown]

    package init(years: Int) {
        switch years {
        case ..<0: self = .unknown
        case 0: rawValue = "0"
        case 1...4: rawValue = "1-4"
        case 5..<90: rawValue = "\(years / 5 * 5)-\(years / 5 * 5 + 4)"
        default: rawValue = "90+"
        }
    }

    /// The band from a birth date (or its year) at `now`, else from a stated age.
    package init(birthDate: String?, age: String?, at now: Instant) {
        if let birthDate, birthDate.utf8.count >= 4, let year = Int(birthDate.prefix(4)) {
            let today = CivilTime(now, offsetMinutes: 480)
            var years = today.year - year
            if birthDate.utf8.count >= 10, let month = Int(birthDate.dropFirst(5).prefix(2)),
                let day = Int(birthDate.dropFirst(8).prefix(2)), (today.month, today.day) < (month, day)
            {
                years -= 1
            }
            self = (0...130).contains(years) ? AgeBand(years: years) : .unknown
        } else if let age, let years = Int(age), (0...130).contains(years) {
            self = AgeBand(years: years)
        } else {
            self = .unknown
        }
    }
}

package enum ConsentState: String, Sendable, Codable {
    case given
    /// The site vouches under its contract.
    case attested
    case missing
    case withdrawn
}

package enum ConsentBasis: String, Sendable, Codable {
    case written
    case guardian
    case kin
    case emergency
    case unknown
}

/// Why a site says no. Coded, because declines without a reason cannot be counted.
package enum DeclineReason: String, CaseIterable, Sendable, Codable {
    case noCapacity = "no-capacity"
    case outsideScope = "outside-scope"
    case expertAbsent = "expert-absent"
    case incompleteRecords = "incomplete-records"
    case equipment
    case conflictOfInterest = "conflict-of-interest"
    case other
}

package enum CancelReason: String, CaseIterable, Sendable, Codable {
    case patientWithdrew = "patient-withdrew"
    case patientTransferred = "patient-transferred"
    case patientDied = "patient-died"
    case resolved
    case duplicate
    case other
}

package enum FailureReason: String, CaseIterable, Sendable, Codable {
    case connection
    case patientUnavailable = "patient-unavailable"
    case requesterUnavailable = "requester-unavailable"
    case expertUnavailable = "expert-unavailable"
    case incompleteRecords = "incomplete-records"
    case other
}

package enum ClosureDecision: String, CaseIterable, Sendable, Codable {
    case adopted
    case partly
    case not
}

package enum NotAdoptedReason: String, CaseIterable, Sendable, Codable {
    case notUsableAtThisTier = "not-usable-at-this-tier"
    case patientDeclined = "patient-declined"
    case conditionChanged = "condition-changed"
    case disagreed
    case tooLate = "too-late"
    case other
}

package enum Disposition: String, CaseIterable, Sendable, Codable {
    case manageAtOrigin = "manage-at-origin"
    case referUp = "refer-up"
    case referDown = "refer-down"
    case reconsult = "re-consult"
    case followUp = "follow-up"
}

package enum SignatureKind: String, Sendable, Codable {
    case `operator`
    case page
    case site
}

/// What an application lacks before it may be queued.
package enum Gap: String, CaseIterable, Sendable, Codable {
    case consent
    case department
    /// The sender named a department that its code map does not know.
    case mapping
    case summary
}

/// The door that a command came by.
package enum Door: String, Sendable, Codable {
    case mllp
    /// `/fhir`
    case fhir
    /// `/exchange/messages`
    case exchange
    /// `/network`: the verbs of the client.
    case network
    /// The web console.
    case console
}
