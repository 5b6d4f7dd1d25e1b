/// The value of the four hexadecimal digits at `position`; nil when they are none.
func jsonCodeUnit(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> UInt16? {
    var value: UInt16 = 0
    for index in position..<position + 4 {
        guard let digit = hexadecimalValue(bytes[index]) else { return nil }
        value = value << 4 | UInt16(digit)
    }
    return value
}

/// The text of a string whose escapes the scanner has checked (RFC 8259 section 7).
func jsonUnescaped(_ slice: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    let source = UnsafeBufferPointer(rebasing: slice)
    var out: [UInt8] = []
    out.reserveCapacity(source.count)
    var at = 0
    while at < source.count {
        guard source[at] == UInt8(ascii: "\\"), at + 1 < source.count else {
            out.append(source[at])
            at += 1
            continue
        }
        switch source[at + 1] {
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"):
            at += appendScalar(of: source, at: at, to: &out)
            continue
        case let other: out.append(other)
        }
        at += 2
    }
    return String(decoding: out, as: UTF8.self)
}

/// Appends the scalar of a `\u` escape, or of a pair of them, and returns the length of what it read.
private func appendScalar(of source: UnsafeBufferPointer<UInt8>, at: Int, to out: inout [UInt8]) -> Int {
    guard at + 6 <= source.count, let unit = jsonCodeUnit(source, at + 2) else { return 2 }
    var scalar = UInt32(unit)
    var length = 6
    if unit & 0xFC00 == 0xD800, at + 12 <= source.count, let low = jsonCodeUnit(source, at + 8) {
        scalar = 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF))
        length = 12
    }
    let character = Unicode.Scalar(scalar).map(Character.init) ?? "\u{FFFD}"
    out.append(contentsOf: character.utf8)
    return length
}

func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 97...102: byte - 87
    case 65...70: byte - 55
    default: nil
    }
}
