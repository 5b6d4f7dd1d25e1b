@testable import ConsiliumCore

/// One of each governance event, for the records.
extension Samples {
    static let entryID = TimeOrderedID(high: 0x0199_C0DE_0000_0003, low: 0x0123_4567_89AB_CDEF)
    static let digest = String(repeating: "0123456789abcdef", count: 4)
    static let auditorID = Principal(site: Scenery.capital, kind: .operator, name: "auditor")

    static let ownMeasure: Measure = {
        var measure = Measure.standard.first { $0.id == "SF2" }!
        measure.id = "SF90"
        measure.figure = "SF2"
        measure.title = BilingualText("reach of a \"county\"", "县域可及性")
        measure.goalposts = Measure.Goalposts(0.25, 1.000001)
        measure.target = 1.000001
        return measure
    }()

    static let siteReturn = SiteReturn(
        site: Scenery.county,
        year: 2026,
        proposals: [
            .init(
                reference: "R-1",
                initiator: .site,
                proposedOn: CivilDay(2026, 1, 10),
                decision: .adopted,
                decidedOn: CivilDay(2026, 2, 9)
            ),
            .init(reference: "R-2", initiator: .site, proposedOn: CivilDay(2026, 2, 1)),
        ],
        investments: [
            .init(reference: "I-1", decidedOn: CivilDay(2026, 2, 3), decider: .investor, amount: 120_000_00)
        ],
        form: digest,
        signature: "a0b1"
    )

    private static let rating = Assessment.Rating(
        .ownerFunctions,
        3,
        halves: OwnerHalves(residualClaim: 1, decisionPower: 2),
        .medium,
        evidence: [.init(.event, "consultation/7"), .init(.document, digest)]
    )

    static let governanceEvents: [GovernanceEvent] =
        [
            .modelAdopted(version: "2", base: "1", adding: [ownMeasure]),
            .partnerRecorded(Partner(id: "fund", kind: .investor, days: ValidDays(CivilDay(2026, 1, 1)))),
            .contractRecorded(
                Contract(
                    id: "C-1",
                    shares: [Share(Scenery.county.description, 700_000), Share("fund", 300_000)],
                    days: ValidDays(CivilDay(2026, 1, 1), through: CivilDay(2028, 12, 31)),
                    document: digest
                )
            ),
            .tariffRecorded(
                Tariff(
                    site: Scenery.county,
                    service: .consultation,
                    department: Scenery.cardiology,
                    fee: 20_000,
                    shares: [Share(Scenery.county.description, 1_000_000)],
                    from: CivilDay(2026, 1, 1)
                )
            ),
            .rulePackRecorded(
                RulePack(
                    id: "consent",
                    version: "1",
                    source: "国卫医发〔2018〕50号",
                    article: "第八条",
                    check: .consentBeforeDisclosure,
                    days: ValidDays(CivilDay(2018, 7, 17))
                )
            ),
            .obligationRecorded(
                Obligation(
                    id: "logs",
                    source: "网络安全法",
                    article: "第二十一条",
                    owner: Scenery.county,
                    days: ValidDays(CivilDay(2017, 6, 1))
                )
            ),
            .evidenceRecorded(
                ObligationEvidence(
                    obligation: "logs",
                    document: digest,
                    days: ValidDays(CivilDay(2026, 1, 1), through: CivilDay(2026, 12, 31))
                )
            ),
            .findingOpened(
                entryID,
                AuditFinding(
                    owner: Scenery.county,
                    severity: .major,
                    indicator: .governmentRegulations,
                    due: CivilDay(2026, 4, 1)
                )
            ),
            .findingClosed(entryID, document: digest),
            .findingConfirmed(entryID),
            .findingReopened(entryID),
            .incidentRecorded(
                entryID,
                Incident(site: nil, category: .outage, severity: .high, day: CivilDay(2026, 3, 1))
            ),
            .incidentResolved(entryID),
            .regionsAdopted(
                RegionTable(
                    year: 2025,
                    version: "1",
                    source: "湖北统计年鉴2026",
                    regions: [
                        .init(code: "421125", population: 800_000, incomeRank: 1, isRemote: true, isListed: true),
                        .init(
                            code: "420000",
                            population: 900_000,
                            incomeRank: 2,
                            isRemote: false,
                            isListed: false,
                            assisted: 40_000
                        ),
                    ]
                )
            ),
            .siteApproved(Scenery.county),
            .conformancePassed(Scenery.county, .hl7v2),
            .returnFiled(siteReturn, version: 2),
            .chainVerified(CivilDay(2026, 3, 2), records: 1_234),
            .exchangesCounted(
                CivilDay(2026, 3, 2),
                [ExchangeCount(site: Scenery.county, format: .fhir, received: 40, acceptedAtFirst: 39)]
            ),
            .sampleSealed(.init(period: "2026-Q2", purpose: .source, size: 60, commitment: digest)),
            .sampleRevealed(
                .init(period: "2026-Q2", purpose: .source, secret: digest, references: ["c0ffee", "beef"])
            ),
            .sampleChecked(
                .init(
                    period: "2026-Q2",
                    reference: "c0ffee",
                    measures: ["AC1", "AC2"],
                    outcome: .discrepant,
                    site: Scenery.county
                )
            ),
            .secondRatingsAssigned(
                period: "2026-Q2",
                [.init(caseID: entryID, site: Scenery.second)]
            ),
            .breakGlassOpened(
                entryID,
                .init(caseID: entryID, sites: [Scenery.town, Scenery.county], reason: .sampleCheck)
            ),
            .breakGlassReviewed(entryID, .justified),
        ] + assessmentEvents.map { .assessment(entryID, $0) }

    static let assessmentEvents: [AssessmentEvent] = [
        .opened(
            .init(
                period: .init(from: moment, to: moment + .hours(24)),
                questionnaireVersion: "1",
                modelVersion: "1"
            )
        ),
        .selfDeclared(auditorID, [.ownerFunctions: rating]),
        .rated(auditorID, rating),
        .corrected(auditorID, rating),
        .left(auditorID),
        .signed(auditorID),
        .arbitrationOpened([.organizationalChanges, .ownerFunctions]),
        .locked,
        .abandoned,
    ]

    static func record(_ event: GovernanceEvent) -> [UInt8] {
        RecordHeader(
            stream: .governance,
            sequence: 5,
            type: event.type,
            time: moment,
            actor: auditorID,
            site: Scenery.capital,
            salt: Array(48..<64),
            payload: nil
        )
        .encode { event.write(to: &$0) }
    }
}
