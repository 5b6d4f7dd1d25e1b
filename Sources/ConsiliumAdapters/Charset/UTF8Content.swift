/// One look at bytes as UTF-8 (RFC 3629): whether they are valid, and what they hold.
struct UTF8Content {
    /// Well-formed: no overlong form, no surrogate, nothing above U+10FFFF, nothing cut off.
    private(set) var isValid = true
    /// Characters of two bytes (Latin, Greek, Cyrillic …).
    private(set) var twoByteCharacters = 0
    /// Characters of three or four bytes (Chinese among them).
    private(set) var longCharacters = 0
    /// An ESC byte: ISO 2022 shifts may be at work.
    private(set) var hasEscape = false

    var isASCII: Bool { isValid && twoByteCharacters == 0 && longCharacters == 0 }

    init(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { raw in
            var index = 0
            let count = raw.count
            while index < count {
                if index + 8 <= count {
                    let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    if word & 0x8080_8080_8080_8080 == 0 {
                        // ESC (0x1B) in any of the eight bytes; a false alarm costs only the slow path.
                        let mixed = word ^ 0x1B1B_1B1B_1B1B_1B1B
                        if (mixed &- 0x0101_0101_0101_0101) & ~mixed & 0x8080_8080_8080_8080 != 0 { hasEscape = true }
                        index += 8
                        continue
                    }
                }
                let byte = raw[index]
                if byte < 0x80 {
                    if byte == 0x1B { hasEscape = true }
                    index += 1
                    continue
                }
                let length = Self.length(of: raw, at: index)
                guard length > 0 else {
                    isValid = false
                    return
                }
                if length == 2 { twoByteCharacters += 1 } else { longCharacters += 1 }
                index += length
            }
        }
    }

    /// The length of the multi-byte character at `index`; 0 when it is malformed.
    private static func length(of raw: UnsafeRawBufferPointer, at index: Int) -> Int {
        let first = raw[index]
        let length: Int
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0:
            length = 3
            low = 0xA0
        case 0xED:
            length = 3
            high = 0x9F
        case 0xE1...0xEF: length = 3
        case 0xF0:
            length = 4
            low = 0x90
        case 0xF4:
            length = 4
            high = 0x8F
        case 0xF1...0xF3: length = 4
        default: return 0
        }
        guard index + length <= raw.count, raw[index + 1] >= low, raw[index + 1] <= high else { return 0 }
        for offset in 2..<max(2, length) where raw[index + offset] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
