/// Escape sequences of HL7 v2 (v2.5.1 section 2.7), both ways.
///
/// Reading: `\F\ \S\ \T\ \R\ \E\ \P\` are delimiters, `\.br\ \.sp\ \.ce\` begin a new line, `\.skN\` are spaces,
/// `\H\ \N\` and the remaining layout commands carry no text, `\Xhh..\` are bytes. Everything else, an escape that never
/// ends included, is kept as it stands: a path such as `D:\检查\胸片` must not lose its middle.
enum ER7Escapes {
    /// The text of `range`, trimmed; line breaks of any kind become LF.
    static func resolve(_ bytes: [UInt8], _ range: Range<Int>, _ d: ER7Delimiters, _ charset: Charset) -> String {
        bytes.withUnsafeBufferPointer { p in
            var low = range.lowerBound
            var high = range.upperBound
            while low < high, p[low] <= 32 { low += 1 }
            while high > low, p[high - 1] <= 32 { high -= 1 }
            var isPlain = true
            for i in low..<high where p[i] == d.escape || p[i] == 13 {
                isPlain = false
                break
            }
            let source = UnsafeBufferPointer(rebasing: p[low..<high])
            if isPlain { return String(decoding: source, as: UTF8.self) }
            return String(decoding: resolve(source, d, charset), as: UTF8.self)
        }
    }

    private static func resolve(_ p: UnsafeBufferPointer<UInt8>, _ d: ER7Delimiters, _ charset: Charset) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(p.count)
        var i = 0
        while i < p.count {
            let byte = p[i]
            if byte == 13 {
                output.append(10)
                i += i + 1 < p.count && p[i + 1] == 10 ? 2 : 1
            } else if byte == d.escape, let end = closing(p, after: i, d.escape) {
                let inner = UnsafeBufferPointer(rebasing: p[(i + 1)..<end])
                if append(inner, to: &output, d, charset) {
                    i = end + 1
                } else {
                    output.append(byte)
                    i += 1
                }
            } else {
                output.append(byte)
                i += 1
            }
        }
        return output
    }

    private static func closing(_ p: UnsafeBufferPointer<UInt8>, after i: Int, _ escape: UInt8) -> Int? {
        var end = i + 1
        while end < p.count {
            if p[end] == escape { return end > i + 1 ? end : nil }
            end += 1
        }
        return nil
    }

    /// Appends what `\inner\` means; false when it means nothing known.
    private static func append(
        _ inner: UnsafeBufferPointer<UInt8>,
        to output: inout [UInt8],
        _ d: ER7Delimiters,
        _ charset: Charset
    ) -> Bool {
        switch inner[0] {
        case UInt8(ascii: "F") where inner.count == 1: output.append(d.field)
        case UInt8(ascii: "S") where inner.count == 1: output.append(d.component)
        case UInt8(ascii: "T") where inner.count == 1: output.append(d.subcomponent)
        case UInt8(ascii: "R") where inner.count == 1: output.append(d.repetition)
        case UInt8(ascii: "E") where inner.count == 1: output.append(d.escape)
        case UInt8(ascii: "P") where inner.count == 1 && d.truncation != nil: output.append(d.truncation ?? 0)
        case UInt8(ascii: "H") where inner.count == 1, UInt8(ascii: "N") where inner.count == 1: break
        case UInt8(ascii: "."): return appendLayout(String(decoding: inner, as: UTF8.self), to: &output)
        case UInt8(ascii: "X"):
            guard let data = hexadecimal(inner.dropFirst()) else { return false }
            output += text(of: data, charset)
        default: return false
        }
        return true
    }

    private static func appendLayout(_ command: String, to output: inout [UInt8]) -> Bool {
        switch command.prefix(3).lowercased() {
        case ".br", ".sp", ".ce":
            let lines = command.prefix(3).lowercased() == ".sp" ? Int(command.dropFirst(3).drop { $0 == " " }) ?? 1 : 1
            output += [UInt8](repeating: 10, count: min(max(lines, 1), 16))
        case ".sk":
            let spaces = Int(command.dropFirst(3).drop { $0 == " " }) ?? 1
            output += [UInt8](repeating: 32, count: min(max(spaces, 0), 64))
        case ".fi", ".nf", ".in", ".ti": break
        default: return false
        }
        return true
    }

    private static func hexadecimal(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
        guard !digits.isEmpty, digits.count.isMultiple(of: 2) else { return nil }
        var data: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            let value: UInt8
            switch digit {
            case 48...57: value = digit - 48
            case 65...70: value = digit - 55
            case 97...102: value = digit - 87
            default: return nil
            }
            if let first = high {
                data.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return data
    }

    /// The bytes of `\Xhh..\` as text: in a Unicode message UTF-8, in a Chinese one GB 18030, elsewhere UTF-8 when they
    /// are that and else the message's own set. Line breaks in any form (`0D`, `0A`, `0D0A`, `000d`) become LF; other
    /// zero bytes go.
    private static func text(of data: [UInt8], _ charset: Charset) -> [UInt8] {
        var plain: [UInt8] = []
        for byte in data where byte != 0 {
            if byte == 10, plain.last == 10 { continue }
            plain.append(byte == 13 ? 10 : byte)
        }
        if plain.allSatisfy({ $0 < 0x80 }) { return plain }
        if charset.family == .chinese {
            if let text = Charset.gb18030.utf8(of: plain) { return text }
        } else if UTF8Content(plain).isValid {
            return plain
        } else if let text = charset.utf8(of: plain) {
            return text
        }
        return Array(String(decoding: plain, as: UTF8.self).utf8)
    }
}
