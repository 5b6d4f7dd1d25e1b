import ConsiliumCore

/// Reads JSON text (RFC 8259) once and notes where every value stands.
///
/// Stricter than the RFC where it leaves a choice: duplicate names, lone surrogates, invalid UTF-8, nesting and
/// strings beyond the limits and bytes after the text are errors. A byte order mark in front is skipped.
struct JSONScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: JSONLimits
    private var at = 0
    private var open: ContiguousArray<Int32> = []
    private var keyStart: Int32 = -1
    private var keyEnd: Int32 = -1
    private var isKeyEscaped = false
    private(set) var nodes: ContiguousArray<JSONNode> = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
        nodes.reserveCapacity(min(bytes.count / 12 + 8, limits.nodes))
        open.reserveCapacity(16)
    }

    mutating func scan() throws(FormatError) {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
        skipSpace()
        try value()
        while let container = open.last {
            if nodes[Int(container)].kind == .object {
                try member(of: container)
            } else {
                try element(of: container)
            }
        }
        skipSpace()
        if at < bytes.count { throw failure(.unparsable, "bytes after the end of the text") }
    }

    // MARK: Containers

    private mutating func member(of container: Int32) throws(FormatError) {
        skipSpace()
        let isFirst = nodes.count == Int(container) + 1
        if peek() == UInt8(ascii: "}") { return try close(container) }
        if !isFirst {
            guard peek() == UInt8(ascii: ",") else { throw failure(.unparsable, "a comma or } was expected") }
            at += 1
            skipSpace()
        }
        guard peek() == UInt8(ascii: "\"") else { throw failure(.unparsable, "a member name was expected") }
        let (start, end, escaped) = try string(isLong: false)
        (keyStart, keyEnd, isKeyEscaped) = (start, end, escaped)
        skipSpace()
        guard peek() == UInt8(ascii: ":") else { throw failure(.unparsable, "a colon was expected") }
        at += 1
        skipSpace()
        try value()
    }

    private mutating func element(of container: Int32) throws(FormatError) {
        skipSpace()
        let isFirst = nodes.count == Int(container) + 1
        if peek() == UInt8(ascii: "]") { return try close(container) }
        if !isFirst {
            guard peek() == UInt8(ascii: ",") else { throw failure(.unparsable, "a comma or ] was expected") }
            at += 1
            skipSpace()
        }
        try value()
    }

    private mutating func close(_ container: Int32) throws(FormatError) {
        at += 1
        open.removeLast()
        nodes[Int(container)].after = Int32(nodes.count)
        nodes[Int(container)].end = Int32(at)
        if nodes[Int(container)].kind == .object { try checkNames(of: Int(container)) }
    }

    // MARK: Values

    private mutating func value() throws(FormatError) {
        guard nodes.count < limits.nodes else { throw failure(.tooLong, "more than \(limits.nodes) values") }
        switch peek() {
        case UInt8(ascii: "{"): try begin(.object)
        case UInt8(ascii: "["): try begin(.array)
        case UInt8(ascii: "\""):
            let (start, end, escaped) = try string(isLong: isNamedData)
            append(.string, from: start, to: end, isEscaped: escaped)
        case UInt8(ascii: "t"): try literal("true", .true)
        case UInt8(ascii: "f"): try literal("false", .false)
        case UInt8(ascii: "n"): try literal("null", .null)
        default: try number()
        }
    }

    private mutating func begin(_ kind: JSONNode.Kind) throws(FormatError) {
        guard open.count < limits.depth else { throw failure(.tooDeep, "nested deeper than \(limits.depth)") }
        append(kind, from: Int32(at), to: Int32(at), isEscaped: false)
        open.append(Int32(nodes.count - 1))
        at += 1
    }

    private mutating func append(_ kind: JSONNode.Kind, from start: Int32, to end: Int32, isEscaped: Bool) {
        var node = JSONNode(kind: kind, start: start, end: end, parent: open.last ?? -1)
        node.isEscaped = isEscaped
        node.keyStart = keyStart
        node.keyEnd = keyEnd
        node.isKeyEscaped = isKeyEscaped
        node.after = Int32(nodes.count + 1)
        keyStart = -1
        keyEnd = -1
        isKeyEscaped = false
        nodes.append(node)
    }

    private mutating func literal(_ text: StaticString, _ kind: JSONNode.Kind) throws(FormatError) {
        let count = text.utf8CodeUnitCount
        guard bytes.count - at >= count, (0..<count).allSatisfy({ bytes[at + $0] == text.utf8Start[$0] }) else {
            throw failure(.unparsable, "not a JSON value")
        }
        at += count
        append(kind, from: Int32(at - count), to: Int32(at), isEscaped: false)
    }

    private mutating func number() throws(FormatError) {
        let start = at
        if peek() == UInt8(ascii: "-") { at += 1 }
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[at - whole] != UInt8(ascii: "0") else {
            throw failure(.unparsable, "not a JSON value")
        }
        if peek() == UInt8(ascii: ".") {
            at += 1
            guard digits() > 0 else { throw failure(.unparsable, "no digit after the decimal point") }
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            at += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { at += 1 }
            guard digits() > 0 else { throw failure(.unparsable, "no digit in the exponent") }
        }
        guard at - start <= 64 else { throw failure(.tooLong, "a number of more than 64 characters") }
        append(.number, from: Int32(start), to: Int32(at), isEscaped: false)
    }

    private mutating func digits() -> Int {
        let start = at
        while at < bytes.count, bytes[at] &- 48 < 10 { at += 1 }
        return at - start
    }

    // MARK: Strings

    private mutating func string(isLong: Bool) throws(FormatError) -> (Int32, Int32, Bool) {
        at += 1
        let start = at
        var isEscaped = false
        while true {
            guard at < bytes.count else { throw failure(.unparsable, "the text ends inside a string") }
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                try escape()
            } else if byte < 0x20 {
                throw failure(.unparsable, "a control character inside a string")
            } else if byte < 0x80 {
                at += 1
            } else {
                try multibyte(byte)
            }
        }
        let end = at
        at += 1
        if !isLong, end - start > limits.stringBytes {
            throw failure(.tooLong, "a string of more than \(limits.stringBytes) bytes")
        }
        return (Int32(start), Int32(end), isEscaped)
    }

    private mutating func escape() throws(FormatError) {
        guard at + 1 < bytes.count else { throw failure(.unparsable, "the text ends inside a string") }
        switch bytes[at + 1] {
        case UInt8(ascii: "u"):
            guard let unit = codeUnit(at: at + 2) else { throw failure(.unparsable, "not four hexadecimal digits") }
            if unit == 0 { throw failure(.undecodable, "U+0000 inside a string") }
            at += 6
            if unit & 0xFC00 == 0xDC00 { throw failure(.undecodable, "a lone surrogate") }
            guard unit & 0xFC00 == 0xD800 else { return }
            guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u"),
                let low = codeUnit(at: at + 2), low & 0xFC00 == 0xDC00
            else { throw failure(.undecodable, "a lone surrogate") }
            at += 6
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 2
        default: throw failure(.unparsable, "an unknown escape")
        }
    }

    private func codeUnit(at position: Int) -> UInt16? {
        guard position + 4 <= bytes.count else { return nil }
        return jsonCodeUnit(bytes, position)
    }

    /// The byte ranges of well-formed UTF-8 (The Unicode Standard, table 3-7).
    private mutating func multibyte(_ lead: UInt8) throws(FormatError) {
        let (count, low, high): (Int, UInt8, UInt8)
        switch lead {
        case 0xC2...0xDF: (count, low, high) = (2, 0x80, 0xBF)
        case 0xE0: (count, low, high) = (3, 0xA0, 0xBF)
        case 0xED: (count, low, high) = (3, 0x80, 0x9F)
        case 0xE1...0xEF: (count, low, high) = (3, 0x80, 0xBF)
        case 0xF0: (count, low, high) = (4, 0x90, 0xBF)
        case 0xF1...0xF3: (count, low, high) = (4, 0x80, 0xBF)
        case 0xF4: (count, low, high) = (4, 0x80, 0x8F)
        default: throw failure(.undecodable, "not UTF-8")
        }
        guard at + count <= bytes.count, bytes[at + 1] >= low, bytes[at + 1] <= high else {
            throw failure(.undecodable, "not UTF-8")
        }
        for index in 2..<max(count, 2) where bytes[at + index] & 0xC0 != 0x80 {
            throw failure(.undecodable, "not UTF-8")
        }
        at += count
    }

    // MARK: Small parts

    private func peek() -> UInt8 { at < bytes.count ? bytes[at] : 0 }

    private mutating func skipSpace() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x0A, 0x0D, 0x09: at += 1
            default: return
            }
        }
    }

    /// Whether the value that follows is a member called `data`, the base64 content of FHIR.
    private var isNamedData: Bool {
        keyEnd - keyStart == 4 && bytes[Int(keyStart)] == UInt8(ascii: "d")
            && bytes[Int(keyStart) + 1] == UInt8(ascii: "a") && bytes[Int(keyStart) + 2] == UInt8(ascii: "t")
            && bytes[Int(keyStart) + 3] == UInt8(ascii: "a")
    }

    private func failure(_ code: FormatError.Code, _ message: String) -> FormatError {
        var location = JSONPath(nodes: nodes, bytes: bytes).path(to: Int(open.last ?? -1))
        if keyStart >= 0 { location += "." + JSONPath.name(bytes[Int(keyStart)..<Int(keyEnd)]) }
        return FormatError(code, at: location, "\(message), at byte \(at)")
    }

    // MARK: Duplicate names

    private func checkNames(of container: Int) throws(FormatError) {
        let end = Int(nodes[container].after)
        var members: ContiguousArray<Int> = []
        var child = container + 1
        var count = 0
        while child < end {
            count += 1
            child = Int(nodes[child].after)
        }
        if count < 2 { return }
        if count <= 16 { return try checkFew(of: container, end: end) }
        members.reserveCapacity(count)
        child = container + 1
        while child < end {
            members.append(child)
            child = Int(nodes[child].after)
        }
        let names = members.map { (name: name(of: $0), node: $0) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (previous, next) in zip(names, names.dropFirst()) where previous.name.utf8.elementsEqual(next.name.utf8) {
            throw duplicate(max(previous.node, next.node))
        }
    }

    private func checkFew(of container: Int, end: Int) throws(FormatError) {
        var child = container + 1
        while child < end {
            var other = container + 1
            while other < child {
                if haveSameName(other, child) { throw duplicate(child) }
                other = Int(nodes[other].after)
            }
            child = Int(nodes[child].after)
        }
    }

    private func haveSameName(_ a: Int, _ b: Int) -> Bool {
        let (x, y) = (nodes[a], nodes[b])
        if x.isKeyEscaped || y.isKeyEscaped { return name(of: a).utf8.elementsEqual(name(of: b).utf8) }
        let count = x.keyEnd - x.keyStart
        guard count == y.keyEnd - y.keyStart else { return false }
        for index in 0..<Int(count) where bytes[Int(x.keyStart) + index] != bytes[Int(y.keyStart) + index] {
            return false
        }
        return true
    }

    private func name(of node: Int) -> String {
        let node = nodes[node]
        let range = bytes[Int(node.keyStart)..<Int(node.keyEnd)]
        return node.isKeyEscaped ? jsonUnescaped(range) : String(decoding: range, as: UTF8.self)
    }

    private func duplicate(_ node: Int) -> FormatError {
        FormatError(
            .duplicateKey,
            at: JSONPath(nodes: nodes, bytes: bytes).path(to: node),
            "the same name twice in one object, at byte \(nodes[node].keyStart)"
        )
    }
}
