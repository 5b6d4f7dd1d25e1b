import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Dispatch
import NIOConcurrencyHelpers

/// What is computed over the whole ledger: one question at a time, on a thread of its own, so that no auditor makes a
/// hospital wait.
final class ReportDesk: Sendable {
    private struct Key: Hashable {
        var period: GovernancePeriod
        var scope: ReportSource.Scope
        var version: Int
        var commits: Int
    }

    private let ledger: LedgerService
    private let intake: Intake
    private let clock: any HubClock
    private let reports: GovernanceReports
    private let drills: GovernanceDrills
    private let queue = DispatchQueue(label: "governance")
    /// The daily verification takes minutes on a large ledger; no auditor waits for it.
    private let verifying = DispatchQueue(label: "verification")
    /// Questions in hand and those behind it: all, and of each principal.
    private struct Waiting {
        var all = 0
        var of: [Principal: Int] = [:]
    }

    private let waiting = NIOLockedValueBox(Waiting())
    private static let mostWaiting = 32
    /// So that nobody fills the queue alone.
    private static let mostOfOne = 2
    /// The report that was asked for last: several parts of it are mostly pulled one after the other.
    private let last = NIOLockedValueBox<(key: Key, report: GovernanceReport)?>(nil)

    init(ledger: LedgerService, intake: Intake, clock: any HubClock) {
        self.ledger = ledger
        self.intake = intake
        self.clock = clock
        let registers = FoldedRegisters()
        reports = GovernanceReports(store: ledger.store, registers: registers)
        drills = GovernanceDrills(store: ledger.store, registers: registers)
    }

    /// As of the last commit.
    var state: Governance { ledger.governance }

    func report(_ period: GovernancePeriod, scope: ReportSource.Scope) async throws -> GovernanceReport {
        let key = Key(period: period, scope: scope, version: state.version, commits: ledger.store.counters.commits)
        if let report = held(key) { return report }
        let now = clock.now()
        return try await run { [self] in
            // Who waited for another's same question has its answer.
            if let report = held(key) { return report }
            let report = try reports.report(period, scope: scope, now: now)
            last.withLockedValue { $0 = (key, report) }
            return report
        }
    }

    private func held(_ key: Key) -> GovernanceReport? {
        last.withLockedValue { $0?.key == key ? $0?.report : nil }
    }

    func drill(
        _ measure: String,
        period: GovernancePeriod,
        stratum: StratumSelection,
        skip: Int,
        limit: Int
    ) async throws -> GovernanceDrill {
        let now = clock.now()
        return try await run { [drills] in
            try drills.drill(measure, period: period, stratum: stratum, skip: skip, limit: limit, now: now)
        }
    }

    func history(of reference: AuditReference, period: GovernancePeriod) async throws -> GovernanceDrill.History {
        try await run { [drills, intake] in
            try drills.history(of: reference, period: period) { intake.pseudonym(of: $0) }
        }
    }

    /// - Parameter owner: look only among the cases of this requesting site.
    func caseID(of reference: AuditReference, period: GovernancePeriod, owner: SiteID? = nil) async throws -> CaseID? {
        try await run { [drills] in try drills.caseID(of: reference, period: period, owner: owner) }
    }

    /// The sample that `secret` draws, with the cases of its references in their order; whether it is the sealed one, the
    /// ledger decides.
    func draw(
        _ sample: Sample,
        period: GovernancePeriod,
        secret: String
    ) async throws -> (reveal: Sample.Reveal, drawn: [Sample.Drawn]) {
        try await run { [drills] in
            let population = try drills.population(period)
            guard let reveal = sample.seal.reveal(secret, of: population.map(\.reference)) else {
                throw Refusal(.invalidValue, at: "secret", "32 bytes, hexadecimal")
            }
            let cases = Dictionary(population.map { ($0.reference.description, $0.id) }) { first, _ in first }
            return (reveal, reveal.references.compactMap { cases[$0].map { Sample.Drawn($0) } })
        }
    }

    /// Checks every record of the ledger against its hash; how many there are. The hub's own question, never turned away.
    ///
    /// - Throws: `CancellationError` at the next page when the task is cancelled: a hub that stops does not wait for it.
    func verify() async throws -> Int {
        let isWanted = NIOLockedValueBox(true)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                verifying.async { [ledger] in
                    continuation.resume(
                        with: Result { try Rebuild.verify(ledger.store) { isWanted.withLockedValue { $0 } } }
                    )
                }
            }
        } onCancel: {
            isWanted.withLockedValue { $0 = false }
        }
    }

    /// - Throws: `busy` when too many wait already, or two of the same principal: each answer can cost seconds, and a queue
    ///   of them minutes.
    private func run<Answer: Sendable>(_ body: @escaping @Sendable () throws -> Answer) async throws -> Answer {
        let asker = PeerConnection.current?.identity.flatMap { Principal($0) }
        let isFull = waiting.withLockedValue { waiting in
            guard waiting.all < Self.mostWaiting else { return true }
            if let asker {
                guard waiting.of[asker, default: 0] < Self.mostOfOne else { return true }
                waiting.of[asker, default: 0] += 1
            }
            waiting.all += 1
            return false
        }
        if isFull { throw Refusal(.busy) }
        defer {
            waiting.withLockedValue { waiting in
                waiting.all -= 1
                guard let asker, let count = waiting.of[asker] else { return }
                waiting.of[asker] = count > 1 ? count - 1 : nil
            }
        }
        return try await take(body)
    }

    private func take<Answer: Sendable>(_ body: @escaping @Sendable () throws -> Answer) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
