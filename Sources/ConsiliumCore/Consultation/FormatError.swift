/// The bytes are wrong, and where.
///
/// Equality is on code and location, so tests stay short.
package struct FormatError: Error, Equatable, Sendable {
    /// What is wrong with the bytes; a closed set, mapped once per format.
    package enum Code: String, CaseIterable, Sendable {
        /// Not this format at all, or broken beyond reading.
        case unparsable
        /// Readable, but a kind of message or resource that this network does not take.
        case unsupportedType = "unsupported-type"
        /// HL7 trigger event, FHIR interaction.
        case unsupportedEvent = "unsupported-event"
        case missing
        case invalidValue = "invalid-value"
        case unknownCode = "unknown-code"
        case duplicateKey = "duplicate-key"
        case danglingReference = "dangling-reference"
        case tooLong = "too-long"
        case tooDeep = "too-deep"
        case undecodable
    }

    package var code: Code
    /// Where, in the format's own terms: `RF1-2`, `PID[1]-5.1`, `Bundle.entry[2].resource.status`, `row 3, column 转诊原因`.
    package var location: String
    /// For a person, in English; carries no patient data.
    package var message: String

    package init(_ code: Code, at location: String, _ message: String) {
        self.code = code
        self.location = location
        self.message = message
    }

    package static func == (a: FormatError, b: FormatError) -> Bool { a.code == b.code && a.location == b.location }
}

/// What a conversion could not carry: a filled place in the source that no accessor read.
package struct LostField: Equatable, Sendable, Codable {
    /// In the format's own terms, e.g. `ZPI-4` or `Patient.photo`.
    package var path: String
    package init(path: String) { self.path = path }
}
