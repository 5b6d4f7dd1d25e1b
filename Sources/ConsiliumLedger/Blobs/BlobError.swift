package import ConsiliumCore

/// What is wrong with a blob. Two errors are equal when their codes are.
package struct BlobError: Error, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        case missing
        /// The address is taken: blobs are written once.
        case exists
        /// It opens as far as it goes, but its end is gone.
        case truncated
        /// Altered, reordered, moved to another place, or sealed under another key.
        case sealBroken
        case notABlob
        /// More plain bytes than the reader allows.
        case tooLarge
        /// A part's name may hold letters, digits, `.`, `_` and `-`, at most 64, and begins with none of the last three.
        case badName
        case full
        case io
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: FileError) {
        let code: Code = error.isFull ? .full : error.isMissing ? .missing : .io
        self.init(code, error.description)
    }

    package static func == (a: BlobError, b: BlobError) -> Bool { a.code == b.code }
    package var description: String { message }
}

/// Where a blob belongs. The name is part of the seal and of the file's path.
package struct BlobAddress: Sendable, Hashable, CustomStringConvertible {
    package let caseID: CaseID
    package let part: String

    package init(case caseID: CaseID, part: String) throws(BlobError) {
        let isSafe = part.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
        }
        guard isSafe, (1...64).contains(part.utf8.count), let first = part.utf8.first, ![45, 46, 95].contains(first)
        else {
            throw BlobError(.badName, "not a name for a part of a case: \(part.prefix(80).debugDescription)")
        }
        self.caseID = caseID
        self.part = part
    }

    package var description: String { "\(caseID)/\(part)" }
}
