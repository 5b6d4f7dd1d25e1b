import Testing

@testable import ConsiliumCore

@Suite struct AssessmentTests {
    private static let opened = Instant(milliseconds: 1_000_000)
    private static let first = auditor("first", Scenery.county)
    private static let second = auditor("second", Scenery.city)
    private static let third = auditor("third", Scenery.province)
    private static let fourth = auditor("fourth", Scenery.second)

    @Test("Two auditors who agree within a point lock by their second signature; the median is the consensus")
    func agree() throws {
        var desk = try Desk()
        try desk.rateAll([3, 2, 2, 3, 1, 3, 3, 3], by: Self.first)
        #expect(try desk.act(.sign, by: Self.first) == [.signed(Self.first.principal!)])
        #expect(desk.assessment.standing == .none && desk.assessment.position == nil)
        #expect(desk.assessment.profile(in: .standard) == nil)
        try desk.rateAll([2, 2, 2, 3, 2, 3, 3, 3], by: Self.second)
        #expect(try desk.act(.sign, by: Self.second) == [.signed(Self.second.principal!), .locked])
        #expect(desk.assessment.state == .locked)
        #expect(desk.assessment.lockedAt == Self.opened)
        #expect(desk.assessment.standing == .audited)
        let position = try #require(desk.assessment.position)
        #expect(Indicator.allCases.map { position.ratings[$0]?.point } == [2.5, 2, 2, 3, 1.5, 3, 3, 3])
        #expect(position.ratings[.organizationalChanges] == AutonomyPosition.Rating(2.5, low: 2, high: 3))
        #expect(desk.assessment.dissents.isEmpty)
        let agreement = try #require(AssessmentAgreement(desk.assessment))
        #expect(agreement.exact == Proportion(6, of: 8))
        #expect(agreement.withinOne == Proportion(8, of: 8))
    }

    @Test("An item two points apart goes to a third, the median of three decides and dissent is kept")
    func arbitration() throws {
        var desk = try Self.disputed()
        #expect(desk.assessment.state == .arbitration)
        #expect(desk.assessment.disputed == [.personnelManagementRights])
        #expect(AssessmentAgreement(desk.assessment) == nil)
        desk.refuse(.wrongState, .rate(Self.rating(.socialFunctions, 3)), by: Self.third)
        try desk.act(.rate(Self.rating(.personnelManagementRights, 0)), by: Self.third)
        #expect(try desk.act(.sign, by: Self.third) == [.signed(Self.third.principal!), .locked])
        let position = try #require(desk.assessment.position)
        #expect(position.ratings[.personnelManagementRights] == AutonomyPosition.Rating(1, low: 0, high: 3))
        #expect(desk.assessment.dissents.map(\.auditor.name) == ["second", "third"])
        #expect(desk.assessment.dissents.map(\.rating.value) == [3, 0])
        #expect(try #require(AssessmentAgreement(desk.assessment)).withinOne == Proportion(7, of: 8))
    }

    @Test("Auditors are blind to each other until all have signed, and a third until the end")
    func blind() throws {
        var desk = try Desk()
        try desk.rateAll([3, 2, 2, 1, 1, 3, 3, 3], by: Self.first)
        try desk.rateAll([3, 2, 2, 3, 1, 3, 3, 3], by: Self.second)
        try desk.act(.sign, by: Self.first)
        #expect(desk.seen(by: Self.first) == ["first"])
        #expect(desk.seen(by: Self.second) == ["second"])
        #expect(desk.seen(by: Self.third).isEmpty)
        try desk.act(.sign, by: Self.second)
        #expect(desk.assessment.state == .arbitration)
        #expect(desk.seen(by: Self.first) == ["first", "second"])
        #expect(desk.seen(by: Self.third).isEmpty)
        try desk.act(.rate(Self.rating(.personnelManagementRights, 2)), by: Self.third)
        #expect(desk.seen(by: Self.third) == ["third"])
        #expect(desk.seen(by: Self.first) == ["first", "second"])
        #expect(desk.assessment.sheets(visibleTo: nil).isEmpty)
        try desk.act(.sign, by: Self.third)
        for reader in [Self.first, Self.third, Self.fourth] {
            #expect(desk.seen(by: reader) == ["first", "second", "third"])
        }
    }

    @Test("Three auditors who began are all waited for; one who leaves is not")
    func leaving() throws {
        var desk = try Desk()
        try desk.rateAll([3, 2, 2, 3, 1, 3, 3, 3], by: Self.first)
        try desk.rateAll([3, 2, 2, 3, 1, 3, 3, 3], by: Self.second)
        try desk.act(.rate(Self.rating(.organizationalChanges, 0)), by: Self.third)
        try desk.act(.sign, by: Self.first)
        #expect(try desk.act(.sign, by: Self.second) == [.signed(Self.second.principal!)])
        #expect(try desk.act(.leave, by: Self.third) == [.left(Self.third.principal!), .locked])
        #expect(desk.assessment.sheets.count == 2)
        desk.refuse(.wrongState, .leave, by: Self.third)
    }

    @Test("A third auditor who leaves makes place for another")
    func arbiterLeaves() throws {
        var desk = try Self.disputed()
        try desk.act(.rate(Self.rating(.personnelManagementRights, 0)), by: Self.third)
        desk.refuse(.notPermitted, .rate(Self.rating(.personnelManagementRights, 2)), by: Self.fourth)
        #expect(try desk.act(.leave, by: Self.third) == [.left(Self.third.principal!)])
        desk.refuse(.wrongState, .leave, by: Self.third)
        try desk.act(.rate(Self.rating(.personnelManagementRights, 2)), by: Self.fourth)
        try desk.act(.sign, by: Self.fourth)
        #expect(desk.assessment.state == .locked)
    }

    @Test("An auditor cannot rate twice: not an item, not after signing, not as the third")
    func twice() throws {
        var desk = try Desk()
        try desk.act(.rate(Self.rating(.organizationalChanges, 3)), by: Self.first)
        desk.refuse(.alreadyRated, .rate(Self.rating(.organizationalChanges, 2)), by: Self.first)
        let disputed = try Self.disputed()
        disputed.refuse(.alreadyRated, .rate(Self.rating(.personnelManagementRights, 2)), by: Self.first)
        disputed.refuse(.alreadyRated, .correct(Self.rating(.personnelManagementRights, 2)), by: Self.second)
        disputed.refuse(.alreadyRated, .sign, by: Self.first)
        disputed.refuse(.alreadyRated, .leave, by: Self.first)
    }

    @Test("A sheet is taken as a whole or not at all; sent again it corrects what is different and nothing else")
    func fill() throws {
        var desk = try Desk()
        let unknown = Assessment.Evidence(.event, "nowhere")
        let good = Self.rating(.organizationalChanges, 3)
        let bad = Assessment.Rating(.socialFunctions, 3, .low, evidence: [unknown])
        desk.refuse(.evidenceUnknown, .fill([good, bad]), by: Self.first)
        desk.refuse(.alreadyRated, .fill([good, good]), by: Self.first)
        #expect(desk.assessment.sheets.isEmpty)
        let other = Self.rating(.socialFunctions, 3)
        #expect(try desk.act(.fill([good, other]), by: Self.first).count == 2)
        #expect(try desk.act(.fill([good, other]), by: Self.first).isEmpty)
        let changed = Self.rating(.socialFunctions, 2)
        #expect(
            try desk.act(.fill([good, changed]), by: Self.first) == [.corrected(Self.first.principal!, changed)]
        )
        var disputed = try Self.disputed()
        disputed.refuse(.alreadyRated, .fill([good]), by: Self.first)
        disputed.refuse(.wrongState, .fill([good]), by: Self.third)
        let due = Self.rating(.personnelManagementRights, 0)
        #expect(try disputed.act(.fill([due]), by: Self.third) == [.rated(Self.third.principal!, due)])
    }

    @Test("A rating is corrected before signing, once it was given")
    func correct() throws {
        var desk = try Desk()
        desk.refuse(.wrongState, .correct(Self.rating(.organizationalChanges, 3)), by: Self.first)
        try desk.act(.rate(Self.rating(.organizationalChanges, 3)), by: Self.first)
        #expect(try desk.act(.correct(Self.rating(.organizationalChanges, 3)), by: Self.first).isEmpty)
        let corrected = Self.rating(.organizationalChanges, 2)
        #expect(
            try desk.act(.correct(corrected), by: Self.first) == [.corrected(Self.first.principal!, corrected)]
        )
        #expect(desk.assessment.sheets[0].ratings[.organizationalChanges]?.value == 2)
        desk.refuse(.invalidValue, .correct(Self.rating(.organizationalChanges, 5)), by: Self.first)
    }

    @Test("A rating without evidence, with evidence that does not exist, or off the scale is refused")
    func invalid() throws {
        let desk = try Desk()
        func rate(_ rating: Assessment.Rating, _ code: Refusal.Code) {
            desk.refuse(code, .rate(rating), by: Self.first)
        }
        rate(Assessment.Rating(.governmentRegulations, 2, .high, evidence: []), .evidenceMissing)
        rate(Assessment.Rating(.governmentRegulations, 2, .high, evidence: [.init(.document, "")]), .evidenceMissing)
        rate(
            Assessment.Rating(
                .governmentRegulations,
                2,
                .high,
                evidence: [.init(.event, "17"), .init(.event, "nowhere")]
            ),
            .evidenceUnknown
        )
        rate(Self.rating(.governmentRegulations, 5), .invalidValue)
        rate(Self.rating(.governmentRegulations, -1), .invalidValue)
        let halves = OwnerHalves(residualClaim: 1, decisionPower: 1)
        rate(Assessment.Rating(.governmentRegulations, 2, halves: halves, .low, evidence: Self.evidence), .invalidValue)
        rate(Assessment.Rating(.ownerFunctions, 2, .low, evidence: Self.evidence), .invalidValue)
        rate(Assessment.Rating(.ownerFunctions, 3, halves: halves, .low, evidence: Self.evidence), .invalidValue)
        let beyond = OwnerHalves(residualClaim: 3, decisionPower: 0)
        rate(Assessment.Rating(.ownerFunctions, 3, halves: beyond, .low, evidence: Self.evidence), .invalidValue)
        #expect(desk.assessment.sheets.isEmpty)
    }

    @Test("An unknown item is refused by its name")
    func unknownItem() throws {
        #expect(try Assessment.indicator("PMR") == .personnelManagementRights)
        #expect(throws: Refusal(.unknownCode, at: "item")) { try Assessment.indicator("XYZ") }
    }

    @Test("Signing names the items that are not rated yet")
    func incomplete() throws {
        var desk = try Desk()
        #expect(throws: Refusal(.assessmentIncomplete, at: "OC, OF, IDR, PMR, FMR, SF, GR, IE")) {
            try desk.act(.sign, by: Self.first)
        }
        for indicator in Indicator.allCases where indicator != .socialFunctions {
            try desk.act(.rate(Self.rating(indicator, 2)), by: Self.first)
        }
        #expect(throws: Refusal(.assessmentIncomplete, at: "SF")) { try desk.act(.sign, by: Self.first) }
    }

    @Test("Only auditors rate and sign, and one auditor alone locks nothing")
    func roles() throws {
        var desk = try Desk()
        let outsider = Actor(principal: Self.first.principal, site: Self.first.site, roles: [.networkAdministrator])
        desk.refuse(.notPermitted, .rate(Self.rating(.socialFunctions, 2)), by: outsider)
        desk.refuse(.notPermitted, .sign, by: outsider)
        desk.refuse(.notPermitted, .rate(Self.rating(.socialFunctions, 2)), by: .hub)
        let expert = Actor(principal: Self.first.principal, site: Self.first.site, roles: [.expert])
        desk.refuse(.notPermitted, .abandon, by: expert)
        try desk.rateAll([3, 2, 2, 3, 1, 3, 3, 3], by: Self.first)
        try desk.act(.sign, by: Self.first)
        #expect(desk.assessment.state == .rating)
        #expect(AssessmentAgreement(desk.assessment) == nil)
    }

    @Test("In the first round every site has one auditor; the third may be of any")
    func sites() throws {
        let colleague = Self.auditor("colleague", Scenery.county)
        var desk = try Desk()
        try desk.rateAll([3, 2, 2, 1, 1, 3, 3, 3], by: Self.first)
        desk.refuse(.notPermitted, .rate(Self.rating(.socialFunctions, 2)), by: colleague)
        desk.refuse(.notPermitted, .fill([Self.rating(.socialFunctions, 2)]), by: colleague)
        try desk.act(.sign, by: Self.first)
        desk.refuse(.notPermitted, .rate(Self.rating(.socialFunctions, 2)), by: colleague)
        desk.refuse(.notPermitted, .sign, by: colleague)
        try desk.rateAll([3, 2, 2, 3, 1, 3, 3, 3], by: Self.second)
        try desk.act(.sign, by: Self.second)
        try desk.act(.rate(Self.rating(.personnelManagementRights, 2)), by: colleague)
        #expect(try desk.act(.sign, by: colleague).last == .locked)
    }

    @Test("Assessments are opened, rated and signed by named people, never by a site's engine")
    func people() throws {
        let engine = Self.auditor("engine", Scenery.city, .node)
        let desk = try Desk()
        desk.refuse(.notPermitted, .rate(Self.rating(.socialFunctions, 2)), by: engine)
        desk.refuse(.notPermitted, .sign, by: engine)
        desk.refuse(.notPermitted, .leave, by: engine)
        #expect(throws: Refusal(.notPermitted)) {
            let period = Assessment.Period(from: Instant(milliseconds: 0), to: Instant(milliseconds: 10))
            return try Assessment.open(period, in: .standard, others: [], by: engine, at: Self.opened)
        }
    }

    @Test("Nobody abandons once an auditor has signed, and the network's administrator never does")
    func abandoning() throws {
        var desk = try Desk()
        let administrator = Scenery.person(Scenery.capital, .networkAdministrator, name: "chief")
        desk.refuse(.notPermitted, .abandon, by: administrator)
        desk.refuse(.notPermitted, .abandon, by: Self.auditor("engine", Scenery.city, .node))
        try desk.rateAll([3, 2, 2, 1, 1, 3, 3, 3], by: Self.first)
        #expect(try desk.assessment.decide(.abandon, by: Self.third) { _ in true } == [.abandoned])
        try desk.act(.sign, by: Self.first)
        for actor in [Self.first, Self.second, Self.third] { desk.refuse(.wrongState, .abandon, by: actor) }
        let disputed = try Self.disputed()
        disputed.refuse(.wrongState, .abandon, by: Self.third)
    }

    @Test("A rating rests on twenty links at most, each named once")
    func links() throws {
        var desk = try Desk()
        func rating(_ references: [Int]) -> Assessment.Rating {
            let evidence = references.map { Assessment.Evidence(.event, "network/\($0)") }
            return Assessment.Rating(.socialFunctions, 2, .low, evidence: evidence)
        }
        desk.refuse(.invalidValue, .rate(rating(Array(1...21))), by: Self.first)
        desk.refuse(.invalidValue, .rate(rating([1, 2, 1])), by: Self.first)
        try desk.act(.rate(rating(Array(1...20))), by: Self.first)
    }

    @Test("The network's own word stands, labelled, until auditors have locked, and its author does not audit")
    func selfDeclared() throws {
        var desk = try Desk()
        let administrator = Actor(
            principal: Self.fourth.principal,
            site: Self.fourth.site,
            roles: [.networkAdministrator, .auditor]
        )
        let ratings = Indicator.allCases.map { Self.rating($0, 4) }
        desk.refuse(.notPermitted, .declare(ratings), by: Self.first)
        desk.refuse(.assessmentIncomplete, .declare(Array(ratings.dropLast())), by: administrator)
        desk.refuse(.alreadyRated, .declare(ratings + ratings), by: administrator)
        desk.refuse(.invalidValue, .declare([Self.rating(.socialFunctions, 9)]), by: administrator)
        try desk.act(.declare(ratings), by: administrator)
        #expect(desk.assessment.standing == .selfDeclared)
        #expect(desk.assessment.position?.ratings[.socialFunctions]?.point == 4)
        let declared = try #require(desk.assessment.profile(in: .standard))
        #expect(declared.distances.isEmpty && declared.nearest.isEmpty && declared.readings[0].means.count == 5)
        desk.refuse(.alreadyRated, .declare(ratings), by: administrator)
        desk.refuse(.notPermitted, .rate(Self.rating(.socialFunctions, 2)), by: administrator)
        for auditor in [Self.first, Self.second] {
            try desk.rateAll([3, 2, 2, 3, 1, 3, 3, 3], by: auditor)
            try desk.act(.sign, by: auditor)
        }
        #expect(desk.assessment.standing == .audited)
        #expect(desk.assessment.position?.ratings[.institutionalEnvironments]?.point == 3)
        #expect(desk.assessment.profile(in: .standard)?.nearest == ["luohu"])
        var other = try Desk()
        try other.act(.rate(Self.rating(.socialFunctions, 2)), by: administrator)
        other.refuse(.notPermitted, .declare(ratings), by: administrator)
    }

    @Test("Nothing changes once locked or abandoned")
    func ended() throws {
        var locked = try Desk()
        for auditor in [Self.first, Self.second] {
            try locked.rateAll([3, 2, 2, 3, 1, 3, 3, 3], by: auditor)
            try locked.act(.sign, by: auditor)
        }
        var abandoned = try Desk()
        try abandoned.act(.abandon, by: Self.first)
        for desk in [locked, abandoned] {
            for command in [
                AssessmentCommand.rate(Self.rating(.socialFunctions, 2)), .correct(Self.rating(.socialFunctions, 2)),
                .sign, .leave, .abandon, .declare([]),
            ] { desk.refuse(.wrongState, command, by: Self.third) }
        }
        #expect(abandoned.assessment.standing == .none)
    }

    @Test("An assessment covers a period that has ended, and none that another covers")
    func periods() throws {
        func open(_ from: Int64, _ to: Int64, others: [Assessment] = []) throws(Refusal) -> [AssessmentEvent] {
            try Assessment.open(
                Assessment.Period(from: Instant(milliseconds: from), to: Instant(milliseconds: to)),
                in: .standard,
                others: others,
                by: Self.first,
                at: Instant(milliseconds: 1_000)
            )
        }
        #expect(throws: Refusal(.invalidValue, at: "period")) { try open(10, 10) }
        #expect(throws: Refusal(.invalidValue, at: "period")) { try open(20, 10) }
        #expect(throws: Refusal(.invalidValue, at: "period")) { try open(0, 1_001) }
        let events = try open(100, 200)
        let id = TimeOrderedID(high: 1, low: 1)
        var other = try #require(Assessment(events[0], id: id, at: Self.opened))
        #expect(other.questionnaireVersion == "1" && other.modelVersion == "1")
        #expect(throws: Refusal(.assessmentOverlaps, at: "period")) { try open(199, 300, others: [other]) }
        #expect(throws: Refusal(.assessmentOverlaps, at: "period")) { try open(0, 1_000, others: [other]) }
        #expect(try open(200, 300, others: [other]).count == 1)
        #expect(try open(0, 100, others: [other]).count == 1)
        other.evolve(.abandoned, sequence: 2, at: Self.opened)
        #expect(try open(100, 200, others: [other]).count == 1)
        #expect(Assessment(.locked, id: id, at: Self.opened) == nil)
        #expect(throws: Refusal(.notPermitted)) {
            try Assessment.open(other.period, in: .standard, others: [], by: .hub, at: Self.opened)
        }
    }

    @Test("Every type of event has a name of its own")
    func eventTypes() throws {
        let principal = try #require(Self.first.principal)
        let events: [AssessmentEvent] = [
            .opened(
                .init(period: .init(from: Self.opened, to: Self.opened), questionnaireVersion: "1", modelVersion: "1")
            ),
            .selfDeclared(principal, [:]), .rated(principal, Self.rating(.socialFunctions, 1)),
            .corrected(principal, Self.rating(.socialFunctions, 1)), .left(principal), .signed(principal),
            .arbitrationOpened([]), .locked, .abandoned,
        ]
        #expect(Set(events.map(\.type)).count == events.count)
    }

    @Test("Kappa and alpha come only over fifty pooled items, with a bootstrap interval over assessments")
    func pooled() throws {
        var random = SplitMix64(seed: 21)
        let assessments = try (0..<7)
            .map { _ in
                var desk = try Desk()
                let truth = Indicator.allCases.map { _ in random.index(below: 4) }
                try desk.rateAll(truth, by: Self.first)
                try desk.rateAll(truth.map { $0 + random.index(below: 2) }, by: Self.second)
                try desk.act(.sign, by: Self.first)
                try desk.act(.sign, by: Self.second)
                return desk.assessment
            }
        let bootstrap = Bootstrap(seed: 2, replicates: 200)
        #expect(PooledAgreement(Array(assessments.dropLast()), bootstrap) == nil)
        let pooled = try #require(PooledAgreement(assessments, bootstrap))
        #expect(pooled.items == 56)
        for estimate in [pooled.kappa, pooled.weightedKappa, pooled.alpha] {
            #expect(estimate.clusters == 7)
            let interval = try #require(estimate.interval)
            #expect(try interval.contains(#require(estimate.value)))
        }
        let weighted = try #require(pooled.weightedKappa.value)
        #expect(weighted > (try #require(pooled.kappa.value)))
    }

    private static func page(
        _ assessment: Assessment,
        _ scope: ReportSource.Scope = .audited
    ) throws -> GovernanceReport.ProfilePage {
        let report = try GovernanceReportTests.report(MeasureTally(), scope: scope, assessment: assessment)
        return try #require(report.profile)
    }

    @Test("The profile page prints every sheet's rating with confidence and evidence, and the words behind each code")
    func page() throws {
        var desk = try Self.disputed()
        try desk.act(.rate(Self.rating(.personnelManagementRights, 0)), by: Self.third)
        try desk.act(.sign, by: Self.third)
        let page = try Self.page(desk.assessment)
        #expect(page.questionnaireVersion == Questionnaire.standard.version)
        let item = try #require(page.indicators.first { $0.indicator == .personnelManagementRights })
        #expect(item.ratings.map(\.auditor) == [1, 2, 3])
        #expect(item.ratings.map(\.value) == [1, 3, 0])
        #expect(item.ratings.map(\.arbitrates) == [false, false, true])
        #expect(item.ratings.allSatisfy { $0.confidence == .medium && $0.evidence == Self.evidence })
        let owner = try #require(page.indicators.first { $0.indicator == .ownerFunctions })
        #expect(owner.ratings.map(\.halves?.rating) == [2, 2])
        #expect(item.codings.map(\.mode) == ReferenceMode.study.map(\.id))
        #expect(item.codings.map(\.phrase).contains("greater personnel management rights"))
        #expect(page.indicators.allSatisfy { $0.codings.count == 4 && $0.ratings.count >= 2 })
        // Events are those of cases as well, so nobody but an auditor reads where they are.
        let published = try Self.page(desk.assessment, .published)
        #expect(published.indicators.allSatisfy { $0.ratings.allSatisfy { $0.evidence.isEmpty } })
        #expect(published.indicators.map { $0.ratings.map(\.value) } == page.indicators.map { $0.ratings.map(\.value) })
    }

    @Test("The network's own sheet is printed with its label, and beside no mode's code")
    func ownPage() throws {
        var desk = try Desk()
        let ratings = Dictionary(uniqueKeysWithValues: Indicator.allCases.map { ($0, Self.rating($0, 2)) })
        let principal = try #require(Self.fourth.principal)
        desk.take(.selfDeclared(principal, ratings))
        let page = try Self.page(desk.assessment)
        #expect(page.standing == "self-declared" && page.questionnaireVersion == Questionnaire.standard.version)
        #expect(page.indicators.count == 8)
        for item in page.indicators {
            #expect(item.ratings.map(\.auditor) == [nil] && item.ratings.map(\.value) == [2])
            #expect(item.ratings.allSatisfy { $0.evidence == Self.evidence && $0.confidence == .medium })
            #expect(item.codings.isEmpty)
        }
        #expect(page.readings.flatMap(\.means).allSatisfy { $0.modes.isEmpty && $0.mean == 2 })
    }

    @Test("The second reading says by how much each mean is more than in the first; modes stand beside both")
    func meansOfBothReadings() throws {
        var desk = try Desk()
        for auditor in [Self.first, Self.second] { try desk.rateAll([2, 1, 1, 2, 1, 3, 1, 1], by: auditor) }
        for auditor in [Self.first, Self.second] { try desk.act(.sign, by: auditor) }
        let page = try Self.page(desk.assessment)
        #expect(page.readings.count == 2)
        #expect(page.readings[0].means.allSatisfy { $0.difference == nil })
        #expect(page.readings.flatMap(\.means).allSatisfy { $0.modes.count == 4 })
        for (first, second) in zip(page.readings[0].means, page.readings[1].means) {
            let before = try #require(first.mean)
            let after = try #require(second.mean)
            #expect(first.dimension == second.dimension && second.difference == after - before)
        }
        #expect(page.readings[1].means.first { $0.dimension == .socialFunctions }?.difference == 2)
    }

    @Test("The sensitivity page names the nearest mode without each indicator")
    func nearestWithout() throws {
        var desk = try Desk()
        for auditor in [Self.first, Self.second] { try desk.rateAll([2, 1, 1, 2, 1, 3, 1, 1], by: auditor) }
        for auditor in [Self.first, Self.second] { try desk.act(.sign, by: auditor) }
        let report = try GovernanceReportTests.report(MeasureTally(), assessment: desk.assessment)
        let page = try #require(report.sensitivity)
        #expect(page.nearestWithout.map(\.indicator) == Indicator.allCases)
        #expect(page.nearestWithout.allSatisfy { $0.modes == ["tianchang"] })
        #expect(page.nearestWithout.allSatisfy { $0.names == [ReferenceMode.tianchang.name] })
        #expect(page.notices.contains { $0.en.contains("ranks need ten networks or periods") })
        #expect(page.notices.contains { $0.zh.contains("排名需要十个协作网或时段") })
    }

    @Test("Kappa with quadratic weights is printed beside the unweighted one, with its interval")
    func weighted() throws {
        var random = SplitMix64(seed: 21)
        let assessments = try (0..<7)
            .map { _ in
                var desk = try Desk()
                let truth = Indicator.allCases.map { _ in random.index(below: 4) }
                try desk.rateAll(truth, by: Self.first)
                try desk.rateAll(truth.map { $0 + random.index(below: 2) }, by: Self.second)
                for auditor in [Self.first, Self.second] { try desk.act(.sign, by: auditor) }
                return desk.assessment
            }
        let pooled = try #require(PooledAgreement(assessments, Bootstrap(seed: 2, replicates: 200)))
        var source = ReportSource(
            network: "Test",
            period: try #require(GovernanceReportTests.quarter),
            model: .standard,
            isRetrospective: false,
            isGenerated: false,
            tally: MeasureTally(),
            totals: MeasureTally().totals,
            recorded: [],
            assessment: assessments[0],
            snapshot: .init(records: 1, hash: ""),
            scope: .audited,
            seed: 1
        )
        #expect(try GovernanceReport(source).profile?.agreement?.weightedKappa == nil)
        source.pooledAgreement = pooled
        let agreement = try #require(try GovernanceReport(source).profile?.agreement)
        #expect(agreement.weightedKappa == pooled.weightedKappa.value)
        #expect(agreement.weightedKappaLow == pooled.weightedKappa.interval?.low)
        #expect(agreement.weightedKappaHigh == pooled.weightedKappa.interval?.high)
    }

    private static func disputed() throws -> Desk {
        var desk = try Desk()
        try desk.rateAll([3, 2, 2, 1, 1, 3, 3, 3], by: first)
        try desk.act(.sign, by: first)
        try desk.rateAll([3, 2, 2, 3, 1, 3, 3, 3], by: second)
        try desk.act(.sign, by: second)
        return desk
    }

    private static let evidence = [Assessment.Evidence(.event, "17")]

    private static func rating(_ indicator: Indicator, _ value: Int) -> Assessment.Rating {
        let halves = OwnerHalves(residualClaim: min(2, value), decisionPower: max(0, value - 2))
        return Assessment.Rating(
            indicator,
            value,
            halves: indicator == .ownerFunctions ? halves : nil,
            .medium,
            evidence: evidence
        )
    }

    private static func auditor(_ name: String, _ site: SiteID, _ kind: Principal.Kind = .operator) -> Actor {
        Actor(principal: Principal(site: site, kind: kind, name: name), site: site, roles: [.auditor])
    }

    /// One assessment on a clock that stands; whatever is decided is folded.
    private struct Desk {
        private(set) var assessment: Assessment

        init() throws {
            let events = try Assessment.open(
                Assessment.Period(from: Instant(milliseconds: 0), to: Instant(milliseconds: 1_000)),
                in: .standard,
                others: [],
                by: AssessmentTests.first,
                at: AssessmentTests.opened
            )
            let id = TimeOrderedID(high: 1, low: 2)
            assessment = try #require(Assessment(events[0], id: id, at: AssessmentTests.opened))
        }

        @discardableResult
        mutating func act(_ command: AssessmentCommand, by actor: Actor) throws -> [AssessmentEvent] {
            let events = try assessment.decide(command, by: actor) { $0.reference != "nowhere" }
            for event in events {
                assessment.evolve(event, sequence: assessment.version + 1, at: AssessmentTests.opened)
            }
            return events
        }

        mutating func take(_ event: AssessmentEvent) {
            assessment.evolve(event, sequence: assessment.version + 1, at: AssessmentTests.opened)
        }

        mutating func rateAll(_ values: [Int], by actor: Actor) throws {
            for (indicator, value) in zip(Indicator.allCases, values) {
                try act(.rate(AssessmentTests.rating(indicator, value)), by: actor)
            }
        }

        func refuse(
            _ code: Refusal.Code,
            _ command: AssessmentCommand,
            by actor: Actor,
            _ location: SourceLocation = #_sourceLocation
        ) {
            do throws(Refusal) {
                let events = try assessment.decide(command, by: actor) { $0.reference != "nowhere" }
                Issue.record("accepted: \(events)", sourceLocation: location)
            } catch {
                #expect(error.code == code, sourceLocation: location)
            }
        }

        func seen(by actor: Actor) -> [String] { assessment.sheets(visibleTo: actor.principal).map(\.auditor.name) }
    }
}
