import ConsiliumCore

/// The citizen identity number of GB 11643-1999: six digits of the region, the birth date, three digits of the sequence,
/// and a check character (ISO 7064, MOD 11-2).
enum CitizenID {
    /// `text` with a capital X; nil when it is no such number.
    static func normalised(_ text: String) -> String? {
        let number = text.uppercased()
        let bytes = Array(number.utf8)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard bytes.count == 18, bytes.dropLast().allSatisfy({ digits.contains($0) }) else { return nil }
        let birth = String(decoding: bytes[6..<14], as: UTF8.self)
        guard ApplicationFacts.isDate("\(birth.prefix(4))-\(birth.dropFirst(4).prefix(2))-\(birth.suffix(2))") else {
            return nil
        }
        let sum = zip(bytes, weights).reduce(0) { $0 + Int($1.0 - UInt8(ascii: "0")) * $1.1 }
        return checks[sum % 11] == bytes[17] ? number : nil
    }

    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    /// By the remainder of the weighted sum.
    private static let checks = Array("10X98765432".utf8)
}
