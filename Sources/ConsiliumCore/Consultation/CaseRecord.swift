/// One case opened for somebody who may see it: facts and, where they were disclosed, payloads.
/// Every format writes its view of a case from this and nothing else.
package struct CaseRecord: Sendable {
    package struct Document: Sendable {
        /// Stable within the case: `application-1`, `report-2`.
        package var id: String
        package var title: String
        package var contentType: String
        package var size: Int
        /// Lower-case hexadecimal SHA-256 of the bytes.
        package var sha256: String

        package init(id: String, title: String, contentType: String, size: Int, sha256: String) {
            self.id = id
            self.title = title
            self.contentType = contentType
            self.size = size
            self.sha256 = sha256
        }
    }

    package var facts: Consultation
    /// nil when nothing clinical may be disclosed to the reader (no consent yet, or flow only).
    package var application: Application?
    package var report: Report?
    /// Detached JWS over the report's canonical bytes, with the certificate of the signer.
    package var signature: String?
    package var documents: [Document]
    /// The requesting and performing sites as the directory shows them now.
    package var requester: Site
    package var performer: Site?
    /// Control id and message time of the original v2 message, for MSA-2 of RRI.
    package var originalControlID: String?
    /// Notes in order, opened.
    package var notes: [Note]

    package struct Note: Sendable {
        package var time: Instant
        package var site: SiteID?
        package var text: String
        package init(time: Instant, site: SiteID?, text: String) {
            self.time = time
            self.site = site
            self.text = text
        }
    }

    package init(facts: Consultation, requester: Site) {
        self.facts = facts
        self.requester = requester
        documents = []
        notes = []
    }
}

/// A message decoded by an adapter, before anyone is asked: what it wants, for whom, under which identities.
package struct Submission: Sendable {
    package enum Intent: Sendable {
        case application(Application)
        case act(CaseReference, Act)
    }

    package var intent: Intent
    /// MSH-10 with the date of MSH-7, `Bundle.identifier`, file and row; nil: a digest of the bytes stands in.
    package var messageID: String?
    /// Sending application and facility as stated (MSH-3, MSH-4), part of the message key.
    package var statedSender: String
    /// The site that the message claims to be from, when it says (MSH-4, requester Organization): only chooses among
    /// the sites that the principal may act for.
    package var statedSite: SiteID?
    package var prioritySource: PrioritySource
    /// The wanted department was named but no code map knows it.
    package var departmentUnmapped: Bool
    /// Bytes of the source that no accessor read.
    package var lost: [LostField]
    package var format: ExchangeProfile.Format

    package init(intent: Intent, format: ExchangeProfile.Format) {
        self.intent = intent
        self.format = format
        statedSender = ""
        prioritySource = .stated
        departmentUnmapped = false
        lost = []
    }
}

/// How a message names the case it is about.
package enum CaseReference: Sendable, Equatable {
    case id(CaseID)
    /// The requesting site's own number.
    case requestNumber(String)
}

/// What a person or system does to a case; each has one verb of the client and one FHIR form.
package enum Act: Sendable, Equatable {
    case accept(appointment: String?)
    case decline(DeclineReason, note: String?)
    case start
    case report(Report, Signature)
    case fail(FailureReason, note: String?)
    case close(ClosureDecision, reason: NotAdoptedReason?, rating: Int?, note: String?)
    case cancel(CancelReason, note: String?)
    /// Entered in error.
    case void(note: String?)
    /// With the signed pages, where they are sent.
    case recordConsent(Elements<Element>, pages: [Attachment] = [])
    case withdrawConsent
    /// The requester's answer to what was asked: changed elements only.
    case answer(Application)
    case note(String)
    /// Coordination office: try an unroutable case again.
    case requeue(site: SiteID?)
    /// How the patient fared, by the requester after closure.
    case recordOutcome(Outcome, note: String?)
    /// The appropriate tier, by a clinician of the site that was chosen for a sampled case; blind.
    case rateTierAgain(Tier)
    case price(gross: Int, lines: [Pricing.Line])
    case settle
    /// Lines by their numbers, from 1.
    case dispute(lines: [Int], note: String?)
    /// A step of WORKFLOW.md table A that this network does not offer yet, by its name.
    case notYetOffered(String)
}

extension Attachment {
    /// Whether two attachments are the same document.
    package func isSame(as other: Attachment) -> Bool { bytes == other.bytes && contentType == other.contentType }
}

/// A report's signature as its sender gives it.
package struct Signature: Sendable, Equatable {
    package var kind: SignatureKind
    package var doctor: String
    package var licence: String
    /// Detached JWS (RFC 7515 appendix F), ES256, over the report's canonical bytes; for kind `operator`.
    package var jws: String?
    /// Version of the case that the signer saw.
    package var caseVersion: Int

    package init(kind: SignatureKind, doctor: String, licence: String, jws: String?, caseVersion: Int) {
        self.kind = kind
        self.doctor = doctor
        self.licence = licence
        self.jws = jws
        self.caseVersion = caseVersion
    }
}
