/// Base 64 of RFC 4648 section 4, as FHIR `base64Binary` and HL7 v2 ED use it.
package enum Base64 {
    /// The bytes, or nil when `text` is no base 64. White space is skipped; the padding must be there.
    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.underestimatedCount / 4 * 3)
        var group: UInt32 = 0
        var count = 0
        var padding = 0
        for byte in text {
            let value = values[Int(byte)]
            if value < 64 {
                if padding > 0 { return nil }
                group = group << 6 | UInt32(value)
            } else if value == 64 {
                padding += 1
                group <<= 6
            } else if value == 65 {
                continue
            } else {
                return nil
            }
            count += 1
            guard count == 4 else { continue }
            if padding > 2 { return nil }
            // Bits that the padding leaves over must be zero, or two texts would mean the same bytes.
            if padding == 1, group & 0xC0 != 0 { return nil }
            if padding == 2, group & 0xF000 != 0 { return nil }
            out.append(UInt8(truncatingIfNeeded: group >> 16))
            if padding < 2 { out.append(UInt8(truncatingIfNeeded: group >> 8)) }
            if padding < 1 { out.append(UInt8(truncatingIfNeeded: group)) }
            count = 0
            group = 0
        }
        return count == 0 ? out : nil
    }

    package static func decode(_ text: String) -> [UInt8]? { decode(text.utf8) }

    /// Appends the base 64 text of `bytes`, with padding and without line breaks.
    package static func encode(_ bytes: some Collection<UInt8>, into out: inout [UInt8]) {
        out.reserveCapacity(out.count + (bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var count = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            count += 1
            if count == 3 {
                for shift in [18, 12, 6, 0] as [UInt32] { out.append(alphabet[Int(group >> shift & 63)]) }
                group = 0
                count = 0
            }
        }
        if count == 0 { return }
        group <<= count == 1 ? 16 : 8
        out.append(alphabet[Int(group >> 18 & 63)])
        out.append(alphabet[Int(group >> 12 & 63)])
        out.append(count == 2 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
        out.append(UInt8(ascii: "="))
    }

    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        var out: [UInt8] = []
        encode(bytes, into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// 0 to 63: a digit; 64: padding; 65: white space; 255: neither.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(value) }
        table[Int(UInt8(ascii: "="))] = 64
        for space in [0x09, 0x0A, 0x0D, 0x20] { table[space] = 65 }
        return table
    }()
}
