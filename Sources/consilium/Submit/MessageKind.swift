/// What a file holds, told from its first bytes.
enum MessageKind: Equatable, Sendable {
    case hl7v2
    case fhir
    /// A form of this client, YAML.
    case form

    init(sniffing bytes: [UInt8]) {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let start = text.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        if start.first == UInt8(ascii: "{") || start.first == UInt8(ascii: "[") {
            self = .fhir
        } else if ["MSH", "FHS", "BHS"].contains(where: { start.starts(with: $0.utf8) }) || start.first == 0x0B {
            self = .hl7v2
        } else {
            self = .form
        }
    }

    /// A v2 message without the frame of MLLP that a capture may have left around it.
    static func unframed(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.first == 0x0B else { return bytes }
        var inner = bytes.dropFirst()
        if inner.last == 0x0D { inner = inner.dropLast() }
        guard inner.last == 0x1C else { return bytes }
        return Array(inner.dropLast())
    }
}
