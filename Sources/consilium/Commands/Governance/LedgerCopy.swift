import ConsiliumCore
import ConsiliumLedger
import Foundation

/// A copy of a ledger on this machine, read without a hub and without keys.
struct LedgerCopy {
    private let store: Store
    private let path: String
    private let language: Language

    /// `folder` is a hub's data folder, a backup, or any folder that holds `ledger.db`.
    init(_ folder: String, language: Language) throws(Failure) {
        self.language = language
        let candidates = ["ledger.db", "data/ledger.db"].map { folder + "/" + $0 }
        guard let path = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw Failure(
                .usage,
                "cannot-read",
                at: folder,
                language == .zh ? "该文件夹中没有账本" : "there is no ledger in this folder",
                next: language == .zh
                    ? "请给出 consiliumd backup 生成的文件夹，或中心的 data 文件夹"
                    : "give the folder that `consiliumd backup` wrote, or a hub's data folder"
            )
        }
        self.path = path
        do {
            store = try Store(reading: path)
        } catch {
            throw Self.unreadable(path, error, language)
        }
    }

    private static func unreadable(_ path: String, _ error: any Error, _ language: Language) -> Failure {
        Failure(
            .refused,
            "cannot-read",
            at: path,
            "\(error)",
            next: language == .zh
                ? "请检查读取权限；若副本已损坏或被改动，请用 consiliumd backup 重新生成"
                : "check that you may read it; if the copy is damaged or was changed, take a fresh one with "
                    + "`consiliumd backup`"
        )
    }

    func report(
        _ period: GovernancePeriod,
        scope: ReportSource.Scope,
        isRecomputed: Bool
    ) throws -> GovernanceReport {
        try failing {
            let counting = isRecomputed ? max(1, min(8, ProcessInfo.processInfo.activeProcessorCount)) : 0
            let others = try (0..<counting).map { _ in try Store(reading: path) }
            return try GovernanceReports(store: store, others: others)
                .report(period, scope: scope, basis: isRecomputed ? .events : .counters, now: Self.now)
        }
    }

    func drill(
        _ measure: String,
        period: GovernancePeriod,
        stratum: StratumSelection,
        skip: Int,
        limit: Int
    ) throws -> GovernanceDrill {
        try failing {
            try GovernanceDrills(store: store)
                .drill(measure, period: period, stratum: stratum, skip: skip, limit: limit, now: Self.now)
        }
    }

    func history(of reference: AuditReference, period: GovernancePeriod) throws -> GovernanceDrill.History {
        try failing { try GovernanceDrills(store: store).history(of: reference, period: period) }
    }

    private static var now: Instant { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }

    private func failing<Answer>(_ body: () throws -> Answer) throws -> Answer {
        do {
            return try body()
        } catch let refusal as Refusal {
            throw Failure(refusal, language: language)
        } catch let error as RecordError {
            throw Self.unreadable(store.path, error, language)
        } catch let error as StoreError {
            throw Self.unreadable(store.path, error, language)
        }
    }
}
