/// A 128-bit identifier: 48 bits of milliseconds, then 80 random bits (the ULID layout).
///
/// Time order keeps index pages warm: random identifiers halve the rate of durable submissions.
/// The text form is 26 characters of Crockford base 32, a legal FHIR `id`.
package struct TimeOrderedID: Hashable, Comparable, Sendable, CustomStringConvertible, Codable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(at time: Instant, random: (UInt16, UInt64)) {
        high = UInt64(bitPattern: time.milliseconds) << 16 | UInt64(random.0)
        low = random.1
    }

    /// 16 bytes, big-endian, so that byte order is time order.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
        }
        self.init(high: high, low: low)
    }

    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 26 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in text.utf8.enumerated() {
            guard byte < 128 else { return nil }
            let value = Self.values[Int(byte)]
            guard value < 32, index > 0 || value < 8 else { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(value)
        }
        self.init(high: high, low: low)
    }

    package var bytes: [UInt8] {
        withUnsafeBytes(of: high.bigEndian) { Array($0) } + withUnsafeBytes(of: low.bigEndian) { Array($0) }
    }

    package var time: Instant { Instant(milliseconds: Int64(high >> 16)) }

    package var description: String {
        String(unsafeUninitializedCapacity: 26) { buffer in
            var high = high
            var low = low
            for index in stride(from: 25, through: 0, by: -1) {
                buffer[index] = Self.alphabet[Int(low & 31)]
                low = low >> 5 | (high & 31) << 59
                high >>= 5
            }
            return 26
        }
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = TimeOrderedID(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an identifier: \(text)")
            )
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package static func < (a: TimeOrderedID, b: TimeOrderedID) -> Bool {
        (a.high, a.low) < (b.high, b.low)
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 128)
        for (value, byte) in alphabet.enumerated() {
            table[Int(byte)] = UInt8(value)
            if byte >= 65 { table[Int(byte) + 32] = UInt8(value) }
        }
        return table
    }()
}

/// A consultation's identity; FHIR `ServiceRequest.id` and v2 filler order number.
package typealias CaseID = TimeOrderedID
