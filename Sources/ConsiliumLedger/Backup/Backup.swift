package import ConsiliumCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes a backup of a running hub: a folder that holds one consistent moment and tells its own completeness.
///
/// It holds the database, the blobs that it names, `consilium.yaml`, certificates as they are, and the authority's
/// private keys sealed under the master key, because a restored hub must go on issuing. The master key itself is never
/// in it: without the key file or two recovery shares a backup opens nothing.
package enum Backup {
    /// Writes into a new or empty folder. The manifest comes last: a folder without one is no backup.
    ///
    /// Blobs are copied after the database's snapshot: every blob that it names was on disk by then. One that an
    /// erasure removes meanwhile is left out.
    @discardableResult
    package static func make(
        home: String,
        store: Store,
        masters: MasterKeys,
        at time: Instant,
        to folder: String,
        entropy: inout some Entropy
    ) throws -> BackupManifest {
        do {
            try DurableFile.makeFolder(folder)
            guard try DurableFile.names(in: folder).isEmpty else {
                throw BackupError(.notEmpty, "\(folder) is not empty: a backup gets a folder of its own")
            }
            try DurableFile.makeFolder("\(folder)/data")
            try store.backup(to: "\(folder)/\(BackupLayout.database)")
            let database = try FileCopy.digest("\(folder)/\(BackupLayout.database)")
            var files = [
                BackupManifest.File(path: BackupLayout.database, sha256: database.sha256, size: database.size)
            ]
            files += try copyBlobs(home, folder)
            files += try copyConfiguration(home, folder)
            files += try copyCertificates(home, folder, masters.current, &entropy)
            let manifest = BackupManifest(
                created: time,
                files: files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) },
                master: masters.current,
                schemaVersion: try store.schemaVersion()
            )
            let mac = BackupLayout.authenticate(manifest.bytes, masters.current)
            try DurableFile.create(
                "\(folder)/\(BackupLayout.authentication)",
                contents: Array((hexadecimal(mac) + "\n").utf8)
            )
            try DurableFile.create("\(folder)/\(BackupLayout.manifest)", contents: manifest.bytes)
            return manifest
        } catch let error as FileError {
            throw BackupError(error)
        }
    }

    private static func copyBlobs(_ home: String, _ folder: String) throws -> [BackupManifest.File] {
        var files: [BackupManifest.File] = []
        for name in try FileCopy.walk("\(home)/\(BackupLayout.blobs)") {
            // A name with a leading point is a blob that is still being written.
            guard name.split(separator: "/").last?.hasPrefix(".") == false else { continue }
            let path = "\(BackupLayout.blobs)/\(name)"
            if let file = try copy(home, folder, path) { files.append(file) }
        }
        return files
    }

    private static func copyConfiguration(_ home: String, _ folder: String) throws -> [BackupManifest.File] {
        try copy(home, folder, BackupLayout.configuration).map { [$0] } ?? []
    }

    /// Nil when the file is gone.
    private static func copy(_ home: String, _ folder: String, _ path: String) throws -> BackupManifest.File? {
        let target = "\(folder)/\(path)"
        try DurableFile.makeFolder(DurableFile.folder(of: target))
        do throws(FileError) {
            let (size, digest) = try FileCopy.copy("\(home)/\(path)", to: target)
            try DurableFile.syncFolder(of: target)
            return BackupManifest.File(path: path, sha256: digest, size: size)
        } catch {
            guard error.isMissing else { throw error }
            return nil
        }
    }

    private static func copyCertificates(
        _ home: String,
        _ folder: String,
        _ master: MasterKey,
        _ entropy: inout some Entropy
    ) throws -> [BackupManifest.File] {
        var files: [BackupManifest.File] = []
        for name in try FileCopy.walk("\(home)/\(BackupLayout.certificates)") {
            var bytes = try DurableFile.read("\(home)/\(BackupLayout.certificates)/\(name)")
            let isPublic = isPublic(bytes)
            if !isPublic {
                bytes = try Sealer.seal(
                    bytes,
                    key: BackupLayout.sealingKey(master),
                    context: BackupLayout.context(name),
                    entropy: &entropy
                )
            }
            let path = "\(isPublic ? BackupLayout.certificates : BackupLayout.sealedKeys)/\(name)"
            try DurableFile.makeFolder(DurableFile.folder(of: "\(folder)/\(path)"))
            try DurableFile.create("\(folder)/\(path)", contents: bytes)
            files.append(BackupManifest.File(path: path, sha256: sha256(bytes), size: bytes.count))
        }
        return files
    }

    /// Whether a file holds certificates and revocation lists in PEM (RFC 7468) and nothing else; whatever is unknown
    /// gets sealed.
    static func isPublic(_ bytes: [UInt8]) -> Bool {
        var blocks = 0
        var end: String?
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            if let wanted = end {
                if line == wanted { end = nil }
                continue
            }
            switch line {
            case "-----BEGIN CERTIFICATE-----": end = "-----END CERTIFICATE-----"
            case "-----BEGIN X509 CRL-----": end = "-----END X509 CRL-----"
            default: return false
            }
            blocks += 1
        }
        return blocks > 0 && end == nil
    }
}
