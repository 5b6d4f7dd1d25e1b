import ConsiliumCore
import Foundation
import Testing

@testable import ConsiliumGenerator
@testable import ConsiliumLedger

/// A generated ledger in a folder of its own, gone with this object.
final class GeneratedLedger: Sendable {
    /// For tests that only read; removed when the process ends.
    static let shared: Result<GeneratedLedger, any Error> = Result {
        atexit { GeneratedLedger.removeShared() }
        return try GeneratedLedger()
    }

    private static func removeShared() { if let ledger = try? shared.get() { ledger.remove() } }

    let folder: String
    let keys: String
    let summary: ProvinceGenerator.Summary
    let store: Store

    /// A small province, fast enough for a debug build.
    static func configuration(_ gaming: Generation.Gaming = .none) -> ProvinceGenerator.Configuration {
        ProvinceGenerator.Configuration(
            sites: 8,
            months: 1,
            seed: 42,
            firstYear: 2026,
            firstMonth: 6,
            amount: .perSiteAndMonth(14),
            hasCanary: true,
            gaming: gaming
        )
    }

    init(_ configuration: ProvinceGenerator.Configuration = configuration()) throws {
        let root = FileManager.default.temporaryDirectory.path + "/consilium-generator-" + UUID().uuidString
        folder = root + "/data"
        keys = root + "/keys"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        summary = try ProvinceGenerator(configuration).write(to: folder, keys: keys)
        store = try Store(path: folder + "/ledger.db")
    }

    deinit { remove() }

    private func remove() {
        try? FileManager.default.removeItem(atPath: (folder as NSString).deletingLastPathComponent)
    }

    /// Leaf hashes of all records in the order of their streams: equal when all records are.
    func hashes() throws -> [[UInt8]] {
        try store.read { try $0.all("SELECT hash FROM events ORDER BY kind, stream, sequence") { $0.blob(0) } }
    }

    func network() throws -> Network { try store.read { try NetworkReader($0).fold().0 } }

    func cases() throws -> [CaseID] {
        try store.read { try $0.all("SELECT id FROM cases ORDER BY id") { try $0.identifier(0) } }
    }

    func histories() throws -> [[(header: RecordHeader, event: Event)]] {
        try cases().map { id in try store.read { try CaseFolder($0).history(id) } }
    }

    /// Names of the files below the folder that hold `text`.
    func files(holding text: String) -> [String] {
        let needle = Data(text.utf8)
        var found: [String] = []
        for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
            if FileManager.default.contents(atPath: folder + "/" + name)?.range(of: needle) != nil {
                found.append(name)
            }
        }
        return found
    }
}
