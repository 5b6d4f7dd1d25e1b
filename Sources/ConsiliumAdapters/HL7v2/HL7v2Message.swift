package import ConsiliumCore

/// A decoded v2 message: what it asks, under which header, and what is noteworthy about it.
package struct HL7v2Message: Sendable {
    package var header: HL7v2Header
    package var submission: Submission
    package var warnings: [HL7v2Warning]
    /// MSA-2: the control id of the message that this one answers.
    package var inReplyTo: String?
    /// The person whom the message names as acting: ORC-11 of a closure, the expert of OBR-32.
    package var person: String?

    init(header: HL7v2Header, submission: Submission) {
        self.header = header
        self.submission = submission
        warnings = []
    }
}

/// Something that did not stop a message and that its sender should know.
package struct HL7v2Warning: Sendable, Equatable {
    package enum Code: String, CaseIterable, Sendable {
        /// MSH-18 names a set that the bytes are not in.
        case charsetLabelLied = "charset-label-lied"
        case charsetLabelUnknown = "charset-label-unknown"
        /// MSH-18 was empty; the set was found by the site's profile or by trying.
        case charsetGuessed = "charset-guessed"
        case priorityConflicting = "priority-conflicting"
        case priorityUnknown = "priority-unknown"
        case departmentUnmapped = "department-unmapped"
        /// `""` asks to delete; a submission cannot, so nothing was changed.
        case nullIgnored = "null-ignored"
        case irregularLayout = "irregular-layout"
        /// A code that neither the profile nor the network's table knows was left out.
        case codeUnknown = "code-unknown"
        /// A value stands where another field's value belongs.
        case misplaced
        /// MSH-15 or MSH-16 asks for enhanced mode; the answer is in original mode.
        case enhancedMode = "enhanced-mode"
        /// A character that the receiver's set lacks was written as `\Xhh..\`.
        case characterEscaped = "character-escaped"
    }

    package var code: Code
    /// As in `FormatError.location`.
    package var path: String

    package init(_ code: Code, at path: String) {
        self.code = code
        self.path = path
    }
}
