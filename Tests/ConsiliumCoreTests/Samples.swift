@testable import ConsiliumCore

/// One event of each type with every field filled, and beside it the barest form where fields may be absent.
///
/// The first of each type stands in `Protocols/Ledger/v1` as a golden record.
enum Samples {
    static let moment = Instant(milliseconds: 1_772_413_200_123)

    private static func at(_ hours: Int64) -> Instant { moment + .hours(hours) }

    static let consent = ConsentFacts(
        state: .given,
        basis: .guardian,
        scope: [Scenery.city, Scenery.second],
        hasEvidence: true,
        feeTold: true
    )

    static let digests = ElementDigests(
        elements: [.patientName: 0x0AFF, .summary: 0x0102_0304_0506_0708, .requestNumber: 0],
        attachments: [0xABCD_0000_0000_0000, 0xEF]
    )

    private static func ranked(_ site: SiteID, _ named: Int) -> Ranked {
        Ranked(
            site: site,
            score: Score(named: named, tier: 30_000, load: 667, distance: 481, channel: 300, region: 100),
            reserved: 1,
            offered: 2
        )
    }

    static let decision = RoutingDecision(
        position: 41,
        policyVersion: 2,
        decidedAt: moment,
        department: Scenery.cardiology,
        only: Scenery.county,
        chosen: [ranked(Scenery.county, 1_000_000)],
        runnersUp: [ranked(Scenery.city, 0), ranked(Scenery.second, 0)],
        candidates: 9,
        eligible: 3,
        exclusions: ["tier": 2, "capacity": 1, "active": 3],
        fullSites: [ranked(Scenery.province, 0)]
    )

    static let events: [Event] = [
        .submitted(
            Event.Submitted(
                requester: Place(site: Scenery.town, tier: .primary, region: "421125"),
                via: Scenery.county,
                format: .hl7v2,
                requestKey: [0xDE, 0xAD],
                priority: .stat,
                prioritySource: .conflicting,
                serviceKind: .diagnosisECG,
                department: Scenery.cardiology,
                departmentUnmapped: false,
                wantedSite: Scenery.second,
                ageBand: AgeBand(years: 67),
                sex: .female,
                medicalAssistance: true,
                consent: consent,
                digests: digests,
                missing: [.purpose, .requesterDepartment],
                lost: 3,
                policyVersion: 2,
                deadline: at(1),
                hardStop: at(168),
                consentEvidenceDue: at(24)
            )
        ),
        .submitted(
            Event.Submitted(
                requester: Place(site: Scenery.town, tier: .primary, region: "421125"),
                via: nil,
                format: .fhir,
                requestKey: [],
                priority: .routine,
                prioritySource: .defaulted,
                serviceKind: .consultation,
                department: nil,
                departmentUnmapped: true,
                wantedSite: nil,
                ageBand: .unknown,
                sex: .notStated,
                medicalAssistance: nil,
                consent: ConsentFacts(state: .missing, basis: .unknown),
                digests: ElementDigests(),
                missing: [],
                lost: 0,
                policyVersion: 1,
                deadline: at(1),
                hardStop: at(168),
                consentEvidenceDue: nil
            )
        ),
        .joined(Event.Joined(format: .hl7v2)),
        .amended(
            Event.Amended(
                changed: digests,
                priority: .urgent,
                department: Scenery.medicine,
                consent: consent,
                ageBand: AgeBand(years: 3),
                sex: .male,
                deadline: at(4),
                consentEvidenceDue: at(24),
                wantedSite: Scenery.city,
                serviceKind: .referral,
                medicalAssistance: false
            )
        ),
        .amended(
            Event.Amended(
                changed: ElementDigests(),
                priority: nil,
                department: nil,
                consent: nil,
                ageBand: nil,
                sex: nil,
                deadline: nil,
                consentEvidenceDue: nil,
                wantedSite: nil,
                serviceKind: nil,
                medicalAssistance: nil
            )
        ),
        .noted(ElementDigests(elements: [.summary: 0x77])),
        .consentRecorded(consent, ElementDigests(elements: [.consentReference: 42])),
        .consentRecorded(ConsentFacts(state: .attested, basis: .written, scope: [])),
        .consentWithdrawn,
        .informationRequested(
            Event.InformationRequested(gaps: Gap.allCases, reminderDue: at(8), overdue: at(24))
        ),
        .queued(Event.Queued(reason: .informationProvided, deadline: at(2))),
        .offered(
            Event.Offered(
                invitations: [
                    .init(
                        number: 1,
                        place: Place(site: Scenery.county, tier: .county, region: "421125", format: .hl7v2),
                        department: Scenery.medicine,
                        leaseDue: at(1),
                        reminders: [moment + .minutes(10), moment + .minutes(20)]
                    ),
                    .init(
                        number: 2,
                        place: Place(site: Scenery.city, tier: .municipal, region: "421100"),
                        department: Scenery.cardiology,
                        leaseDue: at(1),
                        reminders: []
                    ),
                ],
                decision: decision,
                decidedBy: .hub
            )
        ),
        .accepted(Event.Accepted(offer: 2, startDue: at(4), reportDue: at(24))),
        .declined(
            offer: 1,
            reason: .conflictOfInterest,
            rulePacks: [.init(id: "consent", version: "1"), .init(id: "norms_2", version: "2018-50")]
        ),
        .lapsed(offer: 3),
        .unroutable(Event.Unroutable(reason: .exhausted, decision: decision)),
        .unroutable(Event.Unroutable(reason: .mapping, decision: nil)),
        .started,
        .failed(.patientUnavailable),
        .reported(
            Event.Reported(
                number: 1,
                disposition: .referUp,
                appropriateTier: .provincial,
                signature: .page,
                credential: .valid,
                licence: "ff01",
                caseVersion: 6,
                digests: ["report.opinion": 9, "report.findings": 87, "attachments": 6],
                missing: [.institution],
                acknowledgementDue: at(2),
                rulePacks: [.init(id: "signing", version: "1")]
            )
        ),
        .reported(
            Event.Reported(
                number: 2,
                disposition: nil,
                appropriateTier: nil,
                signature: .site,
                credential: .unknown,
                licence: "0a02",
                caseVersion: 0,
                digests: [:],
                missing: [],
                acknowledgementDue: at(2)
            )
        ),
        .closed(Event.Closed(decision: .not, reason: .notUsableAtThisTier, rating: 2)),
        .closed(Event.Closed(decision: .adopted, reason: nil, rating: nil)),
        .cancelled(.patientTransferred),
        .enteredInError,
        .reminded(.offerReminder, ordinal: 17),
        .leasesExtended(.seconds(90)),
        .outcomeRecorded(Outcome(.emergencyReturn, rating: 2)),
        .outcomeRecorded(Outcome(.unknown)),
        .tierRatedAgain(.municipal),
        .transferred(Place(site: Scenery.capital, tier: .national, region: "110000")),
        .discharged(Discharge(isAlive: true, isEligibleForLowerTier: false)),
        .receivedBelow(Place(site: Scenery.county, tier: .county, region: "421125", format: .hl7v2)),
        .priced(
            Pricing(
                tariffSetBy: .site,
                rulePacks: [.init(id: "money", version: "2026.1")],
                gross: 50_000,
                lines: [.init(Scenery.county, 40_000), .init(Scenery.capital, 10_000)]
            )
        ),
        .priced(Pricing(tariffSetBy: .admin, gross: 0, lines: [])),
        .settled,
        .settlementDisputed(lines: [2, 1]),
    ]

    private static let site: Site = {
        var site = Site(id: Scenery.county, name: "蕲春县人民医院", tier: .county)
        site.englishName = "Qichun County People's Hospital"
        site.institutionClass = "A100"
        site.grade = .secondaryA
        site.region = "421126"
        site.coordinates = Site.Coordinates(latitudeE6: 30_234_567, longitudeE6: 115_433_970)
        site.departments = [Scenery.cardiology: 2, Scenery.medicine: 5]
        site.calendar.holidays = ["2026-10-01"]
        site.calendar.makeUpDays = ["2026-10-10"]
        site.dutyTelephone = "0713-7222222"
        site.profile = ExchangeProfile(format: .hl7v2, charset: "GB18030")
        site.profile.mllp = ExchangeProfile.Endpoint(host: "10.0.0.7", port: 2_575)
        site.profile.departments = ["XN": "0304", "心内科": "0304"]
        site.profile.consentField = "ZPI-4"
        site.mayAttest = true
        return site
    }()

    private static let operatorID = Principal(site: Scenery.county, kind: .operator, name: "zhao.li")
    private static let node = Principal(site: Scenery.county, kind: .node, name: "engine-1")
    private static let certificate = Network.Certificate(fingerprint: "0a1b2c", notAfter: moment + .days(7))

    static let deliveryEvents: [DeliveryEvent] = [
        .acknowledged, .dead(reason: "no-reply"), .redriven, .discarded(reason: "outdated"), .superseded,
    ]

    static let access = AccessEvent(content: .document, firstAt: moment, count: 3)

    static let networkEvents: [NetworkEvent] = [
        .founded(name: "协作网 \"测试\"\n"),
        .sitePut(site),
        .siteStatus(Scenery.county, .suspended),
        .capacitySet(Scenery.county, Scenery.cardiology, capacity: 4, by: .site),
        .policySet(.standard),
        .invited(token: "aa00", operatorID, roles: [.expert, .requester], expires: at(24)),
        .enrolled(token: "aa00", operatorID, certificate),
        .renewed(operatorID, certificate),
        .renewalApproved(operatorID, until: at(24)),
        .revoked(operatorID),
        .granted(operatorID, .coordinator),
        .grantRemoved(operatorID, .coordinator),
        .actsForGranted(node, Scenery.town),
        .actsForRemoved(node, Scenery.town),
        .channelLive(Scenery.county),
        .channelLost(Scenery.county),
        .doctorsImported(
            Scenery.county,
            [
                "ff01": .init(validFrom: "2024-01-01", validTo: "2028-12-31"),
                "0a02": .init(validFrom: "2025-06-01", validTo: "2027-05-31"),
            ]
        ),
        .generated(Generation(seed: 0x2A, version: 1, gaming: .origin)),
    ]

    /// The record of a sample: always the same envelope, so that the bytes are the same.
    static func record(_ event: Event) -> [UInt8] {
        RecordHeader(
            stream: StreamID(.consultation, TimeOrderedID(high: 0x0199_C0DE_0000_0001, low: 0x0123_4567_89AB_CDEF)),
            sequence: 7,
            type: event.type,
            time: moment,
            actor: operatorID,
            site: Scenery.county,
            door: .mllp,
            salt: Array(0..<16),
            payload: Array(repeating: 0xEE, count: 32),
            message: MessageIdentity(key: [0x11, 0x22], content: [0x33])
        )
        .encode { event.write(to: &$0) }
    }

    static func record(_ event: NetworkEvent) -> [UInt8] {
        RecordHeader(
            stream: .network,
            sequence: 42,
            type: event.type,
            time: moment,
            actor: nil,
            site: nil,
            salt: Array(16..<32),
            payload: nil
        )
        .encode { event.write(to: &$0) }
    }

    static func record(_ event: DeliveryEvent) -> [UInt8] {
        header(.delivery, event.type).encode { event.write(to: &$0) }
    }

    static func record(_ event: AccessEvent) -> [UInt8] {
        header(.access, AccessEvent.type).encode { event.write(to: &$0) }
    }

    private static func header(_ kind: StreamKind, _ type: String) -> RecordHeader {
        RecordHeader(
            stream: StreamID(kind, TimeOrderedID(high: 0x0199_C0DE_0000_0002, low: 0x0123_4567_89AB_CDEF)),
            sequence: 2,
            type: type,
            time: moment,
            actor: operatorID,
            site: Scenery.county,
            salt: Array(32..<48),
            payload: nil
        )
    }
}
