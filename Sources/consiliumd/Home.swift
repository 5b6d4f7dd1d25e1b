import ConsiliumLedger
import Foundation

/// A hub's home directory and what stands where in it.
struct Home: Sendable {
    let path: String

    init(_ path: String) {
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    }

    var configuration: String { path + "/consilium.yaml" }
    var pki: String { path + "/pki" }
    var data: String { path + "/data" }
    var database: String { data + "/ledger.db" }
    var blobs: String { data + "/blobs" }
    var keys: String { path + "/keys" }
    var run: String { path + "/run" }
    var endpoints: String { run + "/endpoints.json" }
    /// Case numbers that were erased, a line each; keep a copy outside the backups.
    var erasures: String { data + "/erasures" }
    var lastBackup: String { data + "/last-backup" }

    var exists: Bool { FileManager.default.fileExists(atPath: configuration) }

    func makeDirectories() throws {
        for directory in [path, pki, data, blobs, keys, run] {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
    }
}

/// The process cannot go on; said to the operator, with what to do.
struct HubError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
