extension Event {
    /// The name under which the event is stored; never reused for another meaning.
    package var type: String {
        switch self {
        case .submitted: "submitted"
        case .joined: "joined"
        case .amended: "amended"
        case .noted: "noted"
        case .consentRecorded: "consent-recorded"
        case .consentWithdrawn: "consent-withdrawn"
        case .informationRequested: "information-requested"
        case .queued: "queued"
        case .offered: "offered"
        case .accepted: "accepted"
        case .declined: "declined"
        case .lapsed: "lapsed"
        case .unroutable: "unroutable"
        case .started: "started"
        case .failed: "failed"
        case .reported: "reported"
        case .closed: "closed"
        case .cancelled: "cancelled"
        case .enteredInError: "entered-in-error"
        case .reminded: "reminded"
        case .leasesExtended: "leases-extended"
        case .outcomeRecorded: "outcome-recorded"
        case .tierRatedAgain: "tier-rated-again"
        case .transferred: "transferred"
        case .discharged: "discharged"
        case .receivedBelow: "received-below"
        case .priced: "priced"
        case .settled: "settled"
        case .settlementDisputed: "settlement-disputed"
        }
    }

    /// Every type of version 1.
    package static let types = [
        "submitted", "joined", "amended", "noted", "consent-recorded", "consent-withdrawn", "information-requested",
        "queued", "offered", "accepted", "declined", "lapsed", "unroutable", "started", "failed", "reported", "closed",
        "cancelled", "entered-in-error", "reminded", "leases-extended", "outcome-recorded", "tier-rated-again",
        "transferred", "discharged", "received-below", "priced", "settled", "settlement-disputed",
    ]

    /// Writes the facts' fields, keys in order.
    package func write(to w: inout CanonicalWriter) {
        switch self {
        case .submitted(let f): f.write(to: &w)
        case .joined(let f): w.field("format", f.format)
        case .amended(let f): f.write(to: &w)
        case .noted(let changed): w.field("changed") { changed.write(to: &$0) }
        case .consentWithdrawn, .started, .enteredInError, .settled: break
        case .consentRecorded(let f, let changed):
            w.field("changed") { changed.write(to: &$0) }
            w.field("consent") { f.write(to: &$0) }
        case .informationRequested(let f):
            w.field("gaps", strings: f.gaps.map(\.rawValue))
            w.field("overdue", f.overdue)
            w.field("reminderDue", f.reminderDue)
        case .queued(let f):
            w.field("deadline", f.deadline)
            w.field("reason", f.reason)
        case .offered(let f): f.write(to: &w)
        case .accepted(let f):
            w.field("offer", f.offer)
            w.field("reportDue", f.reportDue)
            w.field("startDue", f.startDue)
        case .declined(let offer, let reason, let rulePacks):
            w.field("offer", offer)
            w.field("reason", reason)
            w.field(rulePacks: rulePacks)
        case .lapsed(let offer): w.field("offer", offer)
        case .unroutable(let f):
            if let decision = f.decision { w.field("decision") { decision.write(to: &$0) } }
            w.field("reason", f.reason)
        case .failed(let reason): w.field("reason", reason)
        case .reported(let f): f.write(to: &w)
        case .closed(let f):
            w.field("decision", f.decision)
            w.field("rating", f.rating)
            w.field("reason", f.reason)
        case .cancelled(let reason): w.field("reason", reason)
        case .reminded(let kind, let ordinal):
            w.field("kind", kind)
            w.field("ordinal", ordinal)
        case .leasesExtended(let span): w.field("milliseconds", span.milliseconds)
        case .outcomeRecorded(let outcome): outcome.write(to: &w)
        case .tierRatedAgain(let tier): w.field("tier", tier)
        case .transferred(let place), .receivedBelow(let place): w.field("place") { place.write(to: &$0) }
        case .discharged(let discharge): discharge.write(to: &w)
        case .priced(let pricing): pricing.write(to: &w)
        case .settlementDisputed(let lines): w.field("lines", integers: lines)
        }
    }

    /// Reads facts of version 1; an unknown type or field value is an error, never a guess.
    package init(type: String, facts o: CanonicalObject) throws(RecordError) {
        switch type {
        case "submitted": self = .submitted(try Submitted(o))
        case "joined":
            self = .joined(Joined(format: try o.coded("format")))
        case "amended": self = .amended(try Amended(o))
        case "noted": self = .noted(try ElementDigests(try o.object("changed")))
        case "consent-recorded":
            self = .consentRecorded(
                try ConsentFacts(try o.object("consent")),
                try ElementDigests(try o.object("changed"))
            )
        case "consent-withdrawn": self = .consentWithdrawn
        case "information-requested":
            var gaps: [Gap] = []
            for text in try o.strings("gaps") {
                guard let gap = Gap(rawValue: text) else { throw RecordError("unknown gap \(text)") }
                gaps.append(gap)
            }
            self = .informationRequested(
                InformationRequested(
                    gaps: gaps,
                    reminderDue: try o.instant("reminderDue"),
                    overdue: try o.instant("overdue")
                )
            )
        case "queued": self = .queued(Queued(reason: try o.coded("reason"), deadline: try o.instant("deadline")))
        case "offered": self = .offered(try Offered(o))
        case "accepted":
            self = .accepted(
                Accepted(
                    offer: try o.int("offer"),
                    startDue: try o.instant("startDue"),
                    reportDue: try o.instant("reportDue")
                )
            )
        case "declined":
            self = .declined(
                offer: try o.int("offer"),
                reason: try o.coded("reason"),
                rulePacks: try o.rulePacks()
            )
        case "lapsed": self = .lapsed(offer: try o.int("offer"))
        case "unroutable":
            let decision = try o.optionalObject("decision")
            self = .unroutable(
                Unroutable(
                    reason: try o.coded("reason"),
                    decision: try decision.map { (d) throws(RecordError) in try RoutingDecision(d) }
                )
            )
        case "started": self = .started
        case "failed": self = .failed(try o.coded("reason"))
        case "reported": self = .reported(try Reported(o))
        case "closed":
            self = .closed(
                Closed(
                    decision: try o.coded("decision"),
                    reason: try o.optionalCoded("reason"),
                    rating: try o.optionalInteger("rating").map(Int.init)
                )
            )
        case "cancelled": self = .cancelled(try o.coded("reason"))
        case "entered-in-error": self = .enteredInError
        case "reminded": self = .reminded(try o.coded("kind"), ordinal: try o.int("ordinal"))
        case "leases-extended": self = .leasesExtended(.milliseconds(Int64(try o.int("milliseconds"))))
        case "outcome-recorded": self = .outcomeRecorded(try Outcome(o))
        case "tier-rated-again": self = .tierRatedAgain(try o.coded("tier"))
        case "transferred": self = .transferred(try Place(try o.object("place")))
        case "discharged": self = .discharged(try Discharge(o))
        case "received-below": self = .receivedBelow(try Place(try o.object("place")))
        case "priced": self = .priced(try Pricing(o))
        case "settled": self = .settled
        case "settlement-disputed": self = .settlementDisputed(lines: try o.integers("lines"))
        default: throw RecordError("unknown event \(type)")
        }
    }
}

extension Place {
    func write(to w: inout CanonicalWriter) {
        w.field("format", format)
        w.field("region", region)
        w.field("site", site.description)
        w.field("tier", tier)
    }

    init(_ o: CanonicalObject) throws(RecordError) {
        self.init(
            site: try o.site("site"),
            tier: try o.coded("tier"),
            region: try o.string("region"),
            format: try o.coded("format")
        )
    }
}

extension CanonicalObject {
    package func site(_ name: String) throws(RecordError) -> SiteID {
        guard let site = SiteID(try string(name)) else { throw RecordError("\(name) is not an organisation code") }
        return site
    }

    package func optionalSite(_ name: String) throws(RecordError) -> SiteID? {
        contains(name) ? try site(name) : nil
    }

    func ageBand(_ name: String) throws(RecordError) -> AgeBand {
        let band = AgeBand(rawValue: try string(name))
        guard AgeBand.all.contains(band) else { throw RecordError("\(name): unknown code \(band.rawValue)") }
        return band
    }

    func optionalFlag(_ name: String) throws(RecordError) -> Bool? { contains(name) ? try bool(name) : nil }

    /// A department code; an unknown one is an error, because departments are only ever added to the table.
    package func department(_ name: String) throws(RecordError) -> DepartmentCode {
        guard let code = DepartmentCode(try string(name)) else { throw RecordError("\(name) is not a department") }
        return code
    }
}

extension ConsentFacts {
    func write(to w: inout CanonicalWriter) {
        w.field("basis", basis)
        w.field("evidence", hasEvidence)
        w.field("feeTold", feeTold)
        if let scope { w.field("scope", strings: scope.map(\.description)) }
        w.field("state", state)
    }

    init(_ o: CanonicalObject) throws(RecordError) {
        var scope: [SiteID]?
        if o.contains("scope") {
            var sites: [SiteID] = []
            for text in try o.strings("scope") {
                guard let site = SiteID(text) else { throw RecordError("scope holds \(text)") }
                sites.append(site)
            }
            scope = sites
        }
        self.init(
            state: try o.coded("state"),
            basis: try o.coded("basis"),
            scope: scope,
            hasEvidence: try o.bool("evidence"),
            feeTold: try o.bool("feeTold")
        )
    }
}

extension ElementDigests {
    func write(to w: inout CanonicalWriter) {
        w.field("attachments", attachments) { w, digest in w.string(hex: digest) }
        w.field("elements") { w in
            for (element, digest) in elements.entries { w.field(element.rawValue, hex: digest) }
        }
    }

    init(_ o: CanonicalObject) throws(RecordError) {
        self.init()
        attachments = try o.digests("attachments")
        let object = try o.object("elements")
        for name in object.names {
            guard let element = Element(rawValue: name) else { throw RecordError("unknown element \(name)") }
            elements[element] = try object.digest(name)
        }
    }
}

extension Event.Submitted {
    func write(to w: inout CanonicalWriter) {
        w.field("ageBand", ageBand)
        w.field("consent") { consent.write(to: &$0) }
        w.field("consentEvidenceDue", consentEvidenceDue)
        w.field("deadline", deadline)
        w.field("department", department?.description)
        w.field("departmentUnmapped", departmentUnmapped)
        w.field("digests") { digests.write(to: &$0) }
        w.field("format", format)
        w.field("hardStop", hardStop)
        w.field("lost", lost)
        w.field("medicalAssistance", medicalAssistance.map { $0 ? "yes" : "no" } ?? "unknown")
        w.field("missing", strings: missing.map(\.rawValue))
        w.field("policyVersion", policyVersion)
        w.field("priority", priority)
        w.field("prioritySource", prioritySource)
        w.field("requestKey", hex: requestKey)
        w.field("requester") { requester.write(to: &$0) }
        w.field(rulePacks: rulePacks)
        w.field("serviceKind", serviceKind)
        w.field("sex", sex)
        w.field("via", via?.description)
        w.field("wantedSite", wantedSite?.description)
    }

    init(_ o: CanonicalObject) throws(RecordError) {
        var missing: [Element] = []
        for text in try o.strings("missing") {
            guard let element = Element(rawValue: text) else { throw RecordError("unknown element \(text)") }
            missing.append(element)
        }
        let assistance = try o.string("medicalAssistance")
        guard ["yes", "no", "unknown"].contains(assistance) else {
            throw RecordError("medicalAssistance: unknown code \(assistance)")
        }
        self.init(
            requester: try Place(try o.object("requester")),
            via: try o.optionalSite("via"),
            format: try o.coded("format"),
            requestKey: try o.bytes("requestKey"),
            priority: try o.coded("priority"),
            prioritySource: try o.coded("prioritySource"),
            serviceKind: try o.coded("serviceKind"),
            department: o.contains("department") ? try o.department("department") : nil,
            departmentUnmapped: try o.bool("departmentUnmapped"),
            wantedSite: try o.optionalSite("wantedSite"),
            ageBand: try o.ageBand("ageBand"),
            sex: try o.coded("sex"),
            medicalAssistance: assistance == "unknown" ? nil : assistance == "yes",
            consent: try ConsentFacts(try o.object("consent")),
            digests: try ElementDigests(try o.object("digests")),
            missing: missing,
            lost: try o.int("lost"),
            policyVersion: try o.int("policyVersion"),
            deadline: try o.instant("deadline"),
            hardStop: try o.instant("hardStop"),
            consentEvidenceDue: try o.optionalInstant("consentEvidenceDue"),
            rulePacks: try o.rulePacks()
        )
    }
}

extension Event.Amended {
    func write(to w: inout CanonicalWriter) {
        w.field("ageBand", ageBand)
        w.field("changed") { changed.write(to: &$0) }
        if let consent { w.field("consent") { consent.write(to: &$0) } }
        w.field("consentEvidenceDue", consentEvidenceDue)
        w.field("deadline", deadline)
        w.field("department", department?.description)
        if let medicalAssistance { w.field("medicalAssistance", medicalAssistance) }
        w.field("priority", priority)
        w.field("serviceKind", serviceKind)
        w.field("sex", sex)
        w.field("wantedSite", wantedSite?.description)
    }

    init(_ o: CanonicalObject) throws(RecordError) {
        let consent = try o.optionalObject("consent")
        self.init(
            changed: try ElementDigests(try o.object("changed")),
            priority: try o.optionalCoded("priority"),
            department: o.contains("department") ? try o.department("department") : nil,
            consent: try consent.map { (c) throws(RecordError) in try ConsentFacts(c) },
            ageBand: o.contains("ageBand") ? try o.ageBand("ageBand") : nil,
            sex: try o.optionalCoded("sex"),
            deadline: try o.optionalInstant("deadline"),
            consentEvidenceDue: try o.optionalInstant("consentEvidenceDue"),
            wantedSite: try o.optionalSite("wantedSite"),
            serviceKind: try o.optionalCoded("serviceKind"),
            medicalAssistance: try o.optionalFlag("medicalAssistance")
        )
    }
}

extension Event.Offered {
    func write(to w: inout CanonicalWriter) {
        w.field("decidedBy", decidedBy)
        w.field("decision") { decision.write(to: &$0) }
        w.field("invitations", invitations) { w, invitation in
            w.object { w in
                w.field("department", invitation.department.description)
                w.field("leaseDue", invitation.leaseDue)
                w.field("number", invitation.number)
                w.field("place") { invitation.place.write(to: &$0) }
                w.field("reminders", instants: invitation.reminders)
            }
        }
    }

    init(_ o: CanonicalObject) throws(RecordError) {
        var invitations: [Invitation] = []
        for item in try o.objects("invitations") {
            invitations.append(
                Invitation(
                    number: try item.int("number", in: 1...1_000_000),
                    place: try Place(try item.object("place")),
                    department: try item.department("department"),
                    leaseDue: try item.instant("leaseDue"),
                    reminders: try item.instants("reminders")
                )
            )
        }
        self.init(
            invitations: invitations,
            decision: try RoutingDecision(try o.object("decision")),
            decidedBy: try o.coded("decidedBy")
        )
    }
}

extension Event.Reported {
    func write(to w: inout CanonicalWriter) {
        w.field("acknowledgementDue", acknowledgementDue)
        w.field("appropriateTier", appropriateTier)
        w.field("caseVersion", caseVersion)
        w.field("credential", credential)
        w.field("digests") { w in
            for (name, digest) in digests.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                w.field(name, hex: digest)
            }
        }
        w.field("disposition", disposition)
        w.field("licence", licence)
        w.field("missing", strings: missing.map(\.rawValue))
        w.field("number", number)
        w.field(rulePacks: rulePacks)
        w.field("signature", signature)
    }

    init(_ o: CanonicalObject) throws(RecordError) {
        var digests: [String: UInt64] = [:]
        let object = try o.object("digests")
        for name in object.names { digests[name] = try object.digest(name) }
        var missing: [ReportElement] = []
        for text in try o.strings("missing") {
            guard let element = ReportElement(rawValue: text) else { throw RecordError("unknown element \(text)") }
            missing.append(element)
        }
        self.init(
            number: try o.int("number"),
            disposition: try o.optionalCoded("disposition"),
            appropriateTier: try o.optionalCoded("appropriateTier"),
            signature: try o.coded("signature"),
            credential: try o.coded("credential"),
            licence: try o.string("licence"),
            caseVersion: try o.int("caseVersion"),
            digests: digests,
            missing: missing,
            acknowledgementDue: try o.instant("acknowledgementDue"),
            rulePacks: try o.rulePacks()
        )
    }
}
