import ConsiliumCore

@testable import ConsiliumLedger

/// A random life of a small network: groups of submissions, copies, amendments and acts, most of them refused.
struct EngineHistory {
    let stage: EngineStage
    var random: SeededEntropy
    private(set) var cases: [CaseID] = []
    private var numbers = 0

    init(stage: EngineStage, seed: UInt64) {
        self.stage = stage
        random = SeededEntropy(seed: seed &* 7_919)
    }

    private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    private mutating func any<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    /// One commit group of one to four inputs, some time later.
    mutating func step() {
        stage.advance(.seconds(Int64(below(600))))
        if below(12) == 0 { stage.advance(.hours(Int64(below(30)))) }
        var inputs: [Input] = []
        for _ in 0...below(4) {
            if let input = input() { inputs.append(input) }
        }
        for result in stage.step(inputs).results {
            if case .success(let receipt) = result, let id = receipt.caseID, !cases.contains(id) { cases.append(id) }
        }
    }

    private mutating func input() -> Input? {
        let sites = [EngineStage.town, EngineStage.county, EngineStage.city, EngineStage.capital, EngineStage.second]
        if cases.isEmpty || below(4) == 0 { return submission() }
        let id = any(cases)
        let doctor = EngineStage.doctor(any(sites))
        let owner = EngineStage.doctor(EngineStage.town)
        switch below(15) {
        case 0...3: return stage.act(.accept(appointment: "明天九点"), on: id, by: doctor)
        case 4: return stage.act(.decline(any(DeclineReason.allCases), note: "忙"), on: id, by: doctor)
        case 5: return stage.act(.start, on: id, by: doctor)
        case 6...7: return stage.act(EngineStage.report(), on: id, by: doctor)
        case 8: return stage.act(.close(.adopted, reason: nil, rating: 5, note: nil), on: id, by: owner)
        case 9: return stage.act(.fail(any(FailureReason.allCases), note: nil), on: id, by: doctor)
        case 10: return stage.act(.cancel(any(CancelReason.allCases), note: nil), on: id, by: owner, message: "C\(id)")
        case 11:
            var consent = Elements<Element>()
            consent[.consentBasis] = "written"
            return stage.act(.recordConsent(consent), on: id, by: owner)
        case 12: return stage.act(.withdrawConsent, on: id, by: owner)
        case 13:
            let entry = AccessEntry(
                caseID: id,
                principal: doctor,
                site: doctor.site,
                content: .application,
                firstAt: stage.now,
                count: 1 + below(3)
            )
            return .accesses([entry])
        default:
            return .network(
                .setCapacity(EngineStage.county, EngineStage.cardiology, below(3)),
                by: EngineStage.administrator(EngineStage.county),
                payload: nil
            )
        }
    }

    private mutating func submission() -> Input? {
        let isCopy = numbers > 0 && below(2) == 0
        if !isCopy { numbers += 1 }
        let number = isCopy ? 1 + below(numbers) : numbers
        let application = EngineStage.application(
            "HZ-\(number)",
            priority: Priority.allCases[number % Priority.allCases.count],
            consent: number % 5 != 0
        ) {
            if isCopy, below(3) == 0 { $0[.summary] = "病情 \(below(4))" }
        }
        // Message ids are shared between cases on purpose.
        return try? stage.submission(application, message: "M\(below(30))")
    }

    /// Settles some of the deliveries that wait.
    mutating func deliver() {
        guard let rows = try? stage.flow.deliveries(state: nil, limit: 50) else { return }
        for row in rows where below(2) == 0 {
            let bytes = Array("delivery \(row.id)".utf8)
            let outcome: DeliveryOutcome = any([.acknowledged, .dead("unreachable"), .superseded, .discarded("old")])
            stage.step([
                .fixDelivery(row.id, controlID: "\(row.id)", bytes: bytes),
                .deliveryOutcome(row.id, .failed("unreachable", retryAt: stage.now + .seconds(2)), by: nil),
                .deliveryOutcome(row.id, outcome, by: nil),
            ])
        }
        for row in (try? stage.flow.deliveries(state: "dead", limit: 50)) ?? [] where below(3) == 0 {
            stage.step([.deliveryOutcome(row.id, .redriven, by: nil)])
        }
    }
}
