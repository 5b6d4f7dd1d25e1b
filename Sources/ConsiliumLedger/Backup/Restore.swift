package import ConsiliumCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a restore or a drill found.
package struct RestoreReport: Sendable, Equatable {
    package var created: Instant
    package var files: Int
    package var bytes: Int
    /// As counted by the caller's check of the records.
    package var records: Int
    /// Whether the manifest was proved to come from a holder of the master key.
    package var isAuthentic: Bool
}

/// Turns a backup into a home again, or proves that it could.
package enum Restore {
    /// Restores into a missing or empty folder; when anything is wrong nothing stays there.
    ///
    /// `verify` checks every record of the opened database, applies what the caller needs (the register of erasures),
    /// and returns how many records it checked; what it throws is rethrown.
    package static func run(
        from backup: String,
        into home: String,
        master: MasterKey,
        verify: (Store, BlobStore) throws -> Int
    ) throws -> RestoreReport {
        try restore(backup, home, master, keepsKeys: true, verify)
    }

    /// Restores into an empty scratch folder and removes its content again. Private keys are opened and not written, so
    /// that a drill that is killed leaves none behind. Without a master key everything is checked but the manifest's
    /// origin and the sealed private keys.
    package static func drill(
        from backup: String,
        scratch: String,
        master: MasterKey?,
        verify: (Store, BlobStore) throws -> Int
    ) throws -> RestoreReport {
        let report = try restore(backup, scratch, master, keepsKeys: false, verify)
        clear(scratch)
        return report
    }

    private static func restore(
        _ backup: String,
        _ home: String,
        _ master: MasterKey?,
        keepsKeys: Bool,
        _ verify: (Store, BlobStore) throws -> Int
    ) throws -> RestoreReport {
        do {
            let manifest = try readManifest(backup, master)
            try DurableFile.makeFolder(home)
            guard try DurableFile.names(in: home).isEmpty else {
                throw BackupError(.notEmpty, "\(home) is not empty: restore into a new home")
            }
            do {
                for file in manifest.files { try copy(file, backup, home, master, keepsKeys: keepsKeys) }
                if keepsKeys, let master { try MasterKeyFile.create(master, in: "\(home)/keys") }
                let records = try check(home, verify)
                return RestoreReport(
                    created: manifest.created,
                    files: manifest.files.count,
                    bytes: manifest.files.reduce(0) { $0 + $1.size },
                    records: records,
                    isAuthentic: master != nil
                )
            } catch {
                clear(home)
                throw error
            }
        } catch let error as FileError {
            throw BackupError(error)
        }
    }

    private static func readManifest(_ backup: String, _ master: MasterKey?) throws -> BackupManifest {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try DurableFile.read("\(backup)/\(BackupLayout.manifest)")
        } catch {
            guard error.isMissing else { throw error }
            throw BackupError(.incomplete, "\(backup) has no manifest: no backup, or one that was interrupted")
        }
        let manifest = try BackupManifest(bytes)
        guard let master else { return manifest }
        guard manifest.masterVersion == master.version, manifest.masterCheck == master.checkValue else {
            throw BackupError(
                .wrongMaster,
                "this backup belongs to version \(manifest.masterVersion) of another master key"
            )
        }
        let mac = (try? DurableFile.read("\(backup)/\(BackupLayout.authentication)")) ?? []
        let expected = hexadecimal(BackupLayout.authenticate(bytes, master)) + "\n"
        guard mac == Array(expected.utf8) else {
            throw BackupError(.notAuthentic, "the manifest was altered after the backup was made")
        }
        return manifest
    }

    /// Copies one file to its place in the home and checks it on the way; opens a sealed private key.
    private static func copy(
        _ file: BackupManifest.File,
        _ backup: String,
        _ home: String,
        _ master: MasterKey?,
        keepsKeys: Bool
    ) throws {
        let source = "\(backup)/\(file.path)"
        let altered = BackupError(.altered(file.path), "\(file.path) is not as it was backed up")
        do {
            if file.path.hasPrefix(BackupLayout.sealedKeys + "/") {
                let sealed = try DurableFile.read(source)
                guard sha256(sealed) == file.sha256 else { throw altered }
                guard let master else { return }
                let name = String(file.path.dropFirst(BackupLayout.sealedKeys.count + 1))
                let key = try Sealer.open(
                    sealed,
                    key: BackupLayout.sealingKey(master),
                    context: BackupLayout.context(name)
                )
                guard keepsKeys else { return }
                let target = "\(home)/\(BackupLayout.certificates)/\(name)"
                try DurableFile.makeFolder(DurableFile.folder(of: target))
                try DurableFile.create(target, contents: key)
                return
            }
            let target = "\(home)/\(file.path)"
            try DurableFile.makeFolder(DurableFile.folder(of: target))
            let (size, digest) = try FileCopy.copy(source, to: target)
            guard size == file.size, digest == file.sha256 else { throw altered }
            try DurableFile.syncFolder(of: target)
        } catch let error as FileError where error.isMissing && error.path == source {
            throw BackupError(.missing(file.path), "\(file.path) is missing from the backup")
        }
    }

    private static func check(_ home: String, _ verify: (Store, BlobStore) throws -> Int) throws -> Int {
        let store = try Store(path: "\(home)/\(BackupLayout.database)")
        let faults = try store.integrityCheck()
        guard faults.isEmpty else {
            throw BackupError(.badDatabase, "the database is damaged: \(faults.prefix(3).joined(separator: "; "))")
        }
        let records = try verify(store, BlobStore(directory: "\(home)/\(BackupLayout.blobs)"))
        try store.close()
        return records
    }

    /// The folder itself stays: the caller may have made it.
    private static func clear(_ folder: String) {
        for name in (try? DurableFile.names(in: folder)) ?? [] {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }
}
