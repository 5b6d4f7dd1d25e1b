/// How an auditor names a case: 20 hexadecimal digits of a digest over the period that is asked about and the hash of the
/// case's first record.
///
/// That record carries 16 random bytes, so nobody can find the reference who has neither it nor its hash, which the case's
/// history prints, and the references of two periods cannot be told to mean one case by whoever holds only them. Hub and
/// copy give the same without any key.
package struct AuditReference: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let description: String

    /// nil for anything but 20 lower-case hexadecimal digits.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 20,
            text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        description = String(text)
    }

    /// From a digest of at least 10 bytes.
    package init(digest: some Collection<UInt8>) { description = hexadecimal(digest.prefix(10)) }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let reference = AuditReference(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a case reference: \(text)")
            )
        }
        self = reference
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package static func < (a: AuditReference, b: AuditReference) -> Bool {
        a.description.utf8.lexicographicallyPrecedes(b.description.utf8)
    }
}
