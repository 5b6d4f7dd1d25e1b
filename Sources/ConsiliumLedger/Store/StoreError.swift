/// What the store could not do, and why. Two errors are equal when their codes are.
package struct StoreError: Error, Equatable, CustomStringConvertible {
    /// What the caller can do next stands beside each code.
    package enum Code: Sendable, Hashable {
        /// No space: refuse writes until space is made; what was committed stands.
        case full
        /// The disk failed a read, write or sync: nothing of the transaction may be acknowledged.
        case io
        /// The file is damaged: restore a backup.
        case corrupt
        /// The file is something else.
        case notADatabase
        /// Another connection holds the lock longer than the busy timeout: try again.
        case busy
        /// A conflict inside this process: try again.
        case locked
        /// A rule of the schema; the text names it as SQLite does, for example `offers.case_id`.
        case constraint(String)
        case readOnly
        case cannotOpen
        /// The file was written by a newer version of this program.
        case newerSchema
        /// A setting on which durability rests is not in force.
        case durability
        /// SQLite has undone the whole transaction after an earlier error.
        case rolledBack
        /// A statement is wrong or a value has the wrong shape; SQLite's extended result code.
        case other(Int)

        package var isConstraint: Bool {
            if case .constraint = self { true } else { false }
        }
    }

    package var code: Code
    /// For operators; never holds a value of a row.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package static func == (a: StoreError, b: StoreError) -> Bool { a.code == b.code }

    package var description: String { "\(code): \(message)" }
}
