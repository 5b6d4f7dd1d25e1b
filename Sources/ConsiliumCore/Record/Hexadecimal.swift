/// Lower-case hexadecimal.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    var out: [UInt8] = []
    appendHexadecimal(bytes, to: &out)
    return String(decoding: out, as: UTF8.self)
}

func appendHexadecimal(_ bytes: some Sequence<UInt8>, to out: inout [UInt8]) {
    for byte in bytes {
        out.append(hexDigit(byte >> 4))
        out.append(hexDigit(byte & 15))
    }
}

/// 16 digits.
func appendHexadecimal(_ value: UInt64, to out: inout [UInt8]) {
    for shift in stride(from: UInt64(60), through: 0, by: -4) {
        out.append(hexDigit(UInt8(truncatingIfNeeded: value >> shift & 15)))
    }
}

extension UInt64 {
    /// The first 8 bytes of a hash, big-endian.
    package init(digest bytes: some Sequence<UInt8>) { self = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}

/// Reads what `hexadecimal` wrote; nil when the text is not an even run of hexadecimal digits.
package func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(digits.count / 2)
    for index in stride(from: 0, to: digits.count, by: 2) {
        guard let high = hexValue(digits[index]), let low = hexValue(digits[index + 1]) else { return nil }
        out.append(high << 4 | low)
    }
    return out
}

private func hexDigit(_ value: UInt8) -> UInt8 { value + (value < 10 ? 48 : 87) }

/// The value of a hexadecimal digit.
func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 97...102: byte - 87
    case 65...70: byte - 55
    default: nil
    }
}
