package import ConsiliumCore

/// What a backup holds: every file with its size and SHA-256, in the order of their paths.
package struct BackupManifest: Sendable, Equatable {
    package struct File: Sendable, Equatable {
        package var path: String
        package var sha256: [UInt8]
        package var size: Int
    }

    package var created: Instant
    package var files: [File]
    /// Tells which master key restores it; see `MasterKey.checkValue`.
    package var masterCheck: [UInt8]
    package var masterVersion: Int
    package var schemaVersion: Int

    /// The canonical encoding, as it is stored and authenticated.
    var bytes: [UInt8] {
        var writer = CanonicalWriter(capacity: 128 + files.count * 160)
        writer.object { writer in
            writer.field("created", created)
            writer.field("files", files) { writer, file in
                writer.object { writer in
                    writer.field("path", file.path)
                    writer.field("sha256", hex: file.sha256)
                    writer.field("size", file.size)
                }
            }
            writer.field("format", 1)
            writer.field("masterCheck", hex: masterCheck)
            writer.field("masterVersion", masterVersion)
            writer.field("schemaVersion", schemaVersion)
        }
        return writer.bytes
    }

    init(created: Instant, files: [File], master: MasterKey, schemaVersion: Int) {
        self.created = created
        self.files = files
        masterCheck = master.checkValue
        masterVersion = master.version
        self.schemaVersion = schemaVersion
    }

    /// Refuses paths that could lead out of the folder.
    init(_ bytes: [UInt8]) throws(BackupError) {
        do throws(RecordError) {
            let object = try CanonicalObject(bytes)
            guard try object.int("format") == 1 else { throw RecordError("the format is not 1") }
            created = try object.instant("created")
            masterCheck = try object.hex("masterCheck") ?? []
            masterVersion = try object.int("masterVersion")
            schemaVersion = try object.int("schemaVersion")
            files = []
            for item in try object.objects("files") {
                let path = try item.string("path")
                let isSafe = path.split(separator: "/", omittingEmptySubsequences: false)
                    .allSatisfy { !["", ".", ".."].contains($0) && !$0.contains("\0") }
                guard isSafe, BackupLayout.contains(path) else { throw RecordError("a path that cannot be: \(path)") }
                files.append(File(path: path, sha256: try item.hex("sha256") ?? [], size: try item.int("size")))
            }
        } catch {
            throw BackupError(.badManifest, "the backup's manifest cannot be read: \(error.description)")
        }
    }
}

/// Names inside a backup. `keys/` has none: the master key is never part of a backup.
enum BackupLayout {
    static let manifest = "manifest.json"
    static let authentication = "manifest.mac"
    static let configuration = "consilium.yaml"
    static let database = "data/ledger.db"
    static let blobs = "data/blobs"
    static let certificates = "pki"
    static let sealedKeys = "pki-sealed"

    static func contains(_ path: String) -> Bool {
        path == configuration || path == database
            || [blobs, certificates, sealedKeys].contains { path.hasPrefix($0 + "/") }
    }

    /// Binds a sealed private key to its name.
    static func context(_ name: String) -> SealContext {
        SealContext(associated: Array("consilium backup \(name)".utf8))
    }

    static func sealingKey(_ master: MasterKey) -> DataKey { master.key.derived(Array("consilium backup keys".utf8)) }

    static func authenticate(_ manifest: [UInt8], _ master: MasterKey) -> [UInt8] {
        KeyedDigest(master.key.derived(Array("consilium backup manifest".utf8))).digest(manifest)
    }
}
