/// Why a backup could not be made or used. Two errors are equal when their codes are.
package struct BackupError: Error, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// The folder to write to holds something already.
        case notEmpty
        /// No manifest: the backup was interrupted, or this is no backup.
        case incomplete
        /// The manifest cannot be read, or names a path outside the backup.
        case badManifest
        /// The manifest was not made by a holder of this master key.
        case notAuthentic
        /// A sound master key, but not of this backup.
        case wrongMaster
        case missing(String)
        /// A file's bytes are not those that were backed up.
        case altered(String)
        /// SQLite's own check finds damage.
        case badDatabase
        case full
        case io
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: FileError) { self.init(error.isFull ? .full : .io, error.description) }

    package static func == (a: BackupError, b: BackupError) -> Bool { a.code == b.code }
    package var description: String { message }
}
