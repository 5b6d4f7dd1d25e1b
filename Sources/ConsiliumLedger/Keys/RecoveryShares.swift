/// The master key in three parts of which any two give it back (Shamir 1979, doi 10.1145/359168.359176).
///
/// A share is 45 bytes in 18 groups of four characters of Crockford's base 32: format and number, version of the
/// key, mark of the printing, check value, one point a byte of the key, checksum. Case, spaces and hyphens do not
/// matter; O is read as 0, I and L as 1.
package enum RecoveryShares {
    private static let format: UInt8 = 1
    private static let needed = 2
    private static let count: UInt8 = 3

    /// Three lines to print and keep in three places. Each call gives a new set; sets do not mix.
    package static func split(_ key: MasterKey, entropy: inout some Entropy) -> [String] {
        let mark = entropy.bytes(2)
        let slope = entropy.bytes(32)
        let secret = key.key.bytes
        return (1...count)
            .map { number in
                var bytes = [format, number, UInt8(key.version >> 8 & 0xFF), UInt8(key.version & 0xFF)]
                bytes.append(contentsOf: mark)
                bytes.append(contentsOf: key.checkValue.prefix(4))
                for (byte, slope) in zip(secret, slope) { bytes.append(byte ^ Field256.multiply(slope, number)) }
                bytes.append(contentsOf: sha256(bytes).prefix(3))
                return Base32.text(bytes, groups: 4)
            }
    }

    /// The key from two shares, or from three that agree.
    package static func combine(_ texts: [String]) throws(KeyError) -> MasterKey {
        var shares: [Share] = []
        for (index, text) in texts.enumerated() {
            guard let share = Share(text) else {
                throw KeyError(.badShare(index + 1), "share \(index + 1) is mistyped: check each group of four")
            }
            if let first = shares.first, first.set != share.set {
                throw KeyError(.mixedShares, "share \(index + 1) belongs to another key or another printing")
            }
            if let same = shares.first(where: { $0.number == share.number }) {
                guard same.points == share.points else {
                    throw KeyError(.mixedShares, "two different shares carry the number \(share.number)")
                }
            } else {
                shares.append(share)
            }
        }
        guard shares.count >= needed, let first = shares.first else {
            throw KeyError(.tooFewShares, "two different shares are needed")
        }
        let key = MasterKey(version: first.version, key: DataKey(bytes: interpolate(shares[0], shares[1])))
        guard key.checkValue.starts(with: first.check) else {
            throw KeyError(.mixedShares, "these shares do not give the key that they were made from")
        }
        if shares.count > needed, interpolate(shares[0], shares[2]) != key.key.bytes {
            throw KeyError(.mixedShares, "the three shares do not agree")
        }
        return key
    }

    /// The line's value at 0 from two of its points; in this field minus is plus.
    private static func interpolate(_ a: Share, _ b: Share) -> [UInt8] {
        let scale = Field256.inverse(a.number ^ b.number)
        return zip(a.points, b.points)
            .map { pair in
                let sum = Field256.multiply(pair.0, b.number) ^ Field256.multiply(pair.1, a.number)
                return Field256.multiply(sum, scale)
            }
    }

    private struct Share {
        let number: UInt8
        let version: Int
        let check: [UInt8]
        let points: [UInt8]
        /// Equal for shares that belong together.
        let set: [UInt8]

        init?(_ text: String) {
            guard let bytes = Base32.bytes(text), bytes.count == 45, bytes[0] == RecoveryShares.format,
                (1...RecoveryShares.count).contains(bytes[1]), sha256(Array(bytes[..<42])).starts(with: bytes[42...])
            else { return nil }
            number = bytes[1]
            version = Int(bytes[2]) << 8 | Int(bytes[3])
            set = Array(bytes[2..<10])
            check = Array(bytes[6..<10])
            points = Array(bytes[10..<42])
        }
    }
}

/// Arithmetic in GF(2^8) with the polynomial of AES (FIPS 197 section 4); no tables, so no secret-dependent reads.
enum Field256 {
    static func multiply(_ a: UInt8, _ b: UInt8) -> UInt8 {
        var a = a
        var product: UInt8 = 0
        for bit in 0..<8 {
            product ^= a & (0 &- (b >> UInt8(bit) & 1))
            a = a << 1 ^ 0x1B & (0 &- (a >> 7))
        }
        return product
    }

    /// a to the power 254; 0 for 0.
    static func inverse(_ a: UInt8) -> UInt8 {
        var result: UInt8 = 1
        for _ in 0..<254 { result = multiply(result, a) }
        return result
    }
}

/// Crockford's base 32 in groups, for people who type.
enum Base32 {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// The count of bits must be a multiple of five.
    static func text(_ bytes: [UInt8], groups size: Int) -> String {
        var out: [UInt8] = []
        var digits = 0
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | Int(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                if digits > 0, digits % size == 0 { out.append(UInt8(ascii: "-")) }
                out.append(alphabet[buffer >> bits & 31])
                digits += 1
            }
            buffer &= 31
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Nil for a character outside the alphabet.
    static func bytes(_ text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var buffer = 0
        var bits = 0
        for byte in text.uppercased().utf8 {
            let value: Int
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
            case UInt8(ascii: "O"): value = 0
            case UInt8(ascii: "I"), UInt8(ascii: "L"): value = 1
            default:
                guard let index = alphabet.firstIndex(of: byte) else { return nil }
                value = index
            }
            buffer = buffer << 5 | value
            bits += 5
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(buffer >> bits))
            }
            buffer &= 1 << bits - 1
        }
        return out
    }
}
