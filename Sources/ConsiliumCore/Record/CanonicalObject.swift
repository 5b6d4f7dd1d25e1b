/// An object of the canonical encoding, read strictly: unsorted or duplicate keys, white space, fractions and
/// nesting deeper than 16 are errors.
package struct CanonicalObject: Sendable, Equatable {
    private let text: CanonicalText
    private let token: Int32

    /// One value has one spelling.
    package static func == (a: CanonicalObject, b: CanonicalObject) -> Bool { a.bytes == b.bytes }

    package init(_ bytes: some Collection<UInt8>) throws(RecordError) {
        text = try CanonicalText(bytes as? [UInt8] ?? Array(bytes))
        token = 0
    }

    private init(_ text: CanonicalText, _ token: Int32) {
        self.text = text
        self.token = token
    }

    /// The object as it stands in its text.
    var bytes: ArraySlice<UInt8> { text.bytes[Int(text.tokens[token].start)..<Int(text.tokens[token].end)] }

    /// In the order of their bytes.
    package var names: [String] {
        var names: [String] = []
        forEachField { name, _ in names.append(text.string(text.tokens[name])) }
        return names
    }

    package func contains(_ name: String) -> Bool { value(name) != nil }

    private func forEachField(_ body: (_ name: Int32, _ value: Int32) -> Void) {
        var place = token + 1
        while place < text.tokens[token].next {
            body(place, place + 1)
            place = text.tokens[place + 1].next
        }
    }

    /// The place of a field's value.
    private func value(_ name: String) -> Int32? {
        var place = token + 1
        while place < text.tokens[token].next {
            if text.token(text.tokens[place], is: name) { return place + 1 }
            place = text.tokens[place + 1].next
        }
        return nil
    }

    private func isString(_ place: Int32) -> Bool {
        text.tokens[place].kind == .string || text.tokens[place].kind == .escaped
    }

    package func optionalString(_ name: String) throws(RecordError) -> String? {
        guard let place = value(name) else { return nil }
        guard isString(place) else { throw RecordError("\(name) is not a string") }
        return text.string(text.tokens[place])
    }

    package func string(_ name: String) throws(RecordError) -> String {
        guard let text = try optionalString(name) else { throw RecordError("\(name) is missing") }
        return text
    }

    package func optionalInteger(_ name: String) throws(RecordError) -> Int64? {
        guard let place = value(name) else { return nil }
        guard let number = integer(place) else { throw RecordError("\(name) is not an integer") }
        return number
    }

    private func integer(_ place: Int32) -> Int64? {
        let token = text.tokens[place]
        guard token.kind == .integer else { return nil }
        return CanonicalParser.integer(text.bytes[Int(token.start)..<Int(token.end)])
    }

    package func integer(_ name: String) throws(RecordError) -> Int64 {
        guard let number = try optionalInteger(name) else { throw RecordError("\(name) is missing") }
        return number
    }

    /// Within what every program reads exactly (RFC 7493 section 2.2), so that no sum of a few overflows.
    package func int(_ name: String) throws(RecordError) -> Int {
        try int(name, in: -(1 << 53)...(1 << 53))
    }

    package func int(_ name: String, in range: ClosedRange<Int>) throws(RecordError) -> Int {
        let number = Int(try integer(name))
        guard range.contains(number) else { throw RecordError("\(name) is out of range") }
        return number
    }

    package func instant(_ name: String) throws(RecordError) -> Instant {
        try Self.instant(try integer(name), name)
    }

    /// Within what every program reads exactly, so that no sum with it overflows.
    private static func instant(_ milliseconds: Int64, _ name: String) throws(RecordError) -> Instant {
        guard milliseconds.magnitude <= 1 << 53 else { throw RecordError("\(name) is no time") }
        return Instant(milliseconds: milliseconds)
    }

    package func optionalInstant(_ name: String) throws(RecordError) -> Instant? {
        guard let milliseconds = try optionalInteger(name) else { return nil }
        return try Self.instant(milliseconds, name)
    }

    package func bool(_ name: String) throws(RecordError) -> Bool {
        switch value(name).map({ text.tokens[$0].kind }) {
        case .true: return true
        case .false: return false
        default: throw RecordError("\(name) is not a boolean")
        }
    }

    package func coded<Value: RawRepresentable>(_ name: String) throws(RecordError) -> Value
    where Value.RawValue == String {
        let text = try string(name)
        guard let value = Value(rawValue: text) else { throw RecordError("\(name): unknown code \(text)") }
        return value
    }

    package func optionalCoded<Value: RawRepresentable>(_ name: String) throws(RecordError) -> Value?
    where Value.RawValue == String {
        guard let text = try optionalString(name) else { return nil }
        guard let value = Value(rawValue: text) else { throw RecordError("\(name): unknown code \(text)") }
        return value
    }

    /// 8 bytes of a keyed hash.
    package func digest(_ name: String) throws(RecordError) -> UInt64 {
        guard let place = value(name) else { throw RecordError("\(name) is missing") }
        return try digest(place, of: name)
    }

    /// As `digest`, each item of an array; empty when absent.
    package func digests(_ name: String) throws(RecordError) -> [UInt64] {
        var out: [UInt64] = []
        for place in try places(name) { out.append(try digest(place, of: name)) }
        return out
    }

    private func digest(_ place: Int32, of name: String) throws(RecordError) -> UInt64 {
        let token = text.tokens[place]
        guard token.kind == .string, token.end - token.start == 16 else {
            throw RecordError("\(name) is not 16 lower-case hexadecimal digits")
        }
        var number: UInt64 = 0
        for byte in text.bytes[Int(token.start)..<Int(token.end)] {
            guard let digit = hexValue(byte), !(65...70).contains(byte) else {
                throw RecordError("\(name) is not 16 lower-case hexadecimal digits")
            }
            number = number << 4 | UInt64(digit)
        }
        return number
    }

    package func hex(_ name: String) throws(RecordError) -> [UInt8]? {
        guard let text = try optionalString(name) else { return nil }
        guard let value = ConsiliumCore.bytes(hexadecimal: text), !text.utf8.contains(where: { $0 >= 65 && $0 <= 70 })
        else {
            throw RecordError("\(name) is not lower-case hexadecimal")
        }
        return value
    }

    /// As `hex`, and an error when it is absent.
    package func bytes(_ name: String) throws(RecordError) -> [UInt8] {
        guard let value = try hex(name) else { throw RecordError("\(name) is missing") }
        return value
    }

    package func identifier(_ name: String) throws(RecordError) -> TimeOrderedID {
        guard let id = TimeOrderedID(try string(name)) else { throw RecordError("\(name) is not an identifier") }
        return id
    }

    package func object(_ name: String) throws(RecordError) -> CanonicalObject {
        guard let place = value(name), text.tokens[place].kind == .object else {
            throw RecordError("\(name) is not an object")
        }
        return CanonicalObject(text, place)
    }

    package func optionalObject(_ name: String) throws(RecordError) -> CanonicalObject? {
        contains(name) ? try object(name) : nil
    }

    /// Empty when absent.
    package func objects(_ name: String) throws(RecordError) -> [CanonicalObject] {
        var out: [CanonicalObject] = []
        for place in try places(name) {
            guard text.tokens[place].kind == .object else { throw RecordError("\(name) holds something else") }
            out.append(CanonicalObject(text, place))
        }
        return out
    }

    /// Empty when absent.
    package func strings(_ name: String) throws(RecordError) -> [String] {
        var out: [String] = []
        for place in try places(name) {
            guard isString(place) else { throw RecordError("\(name) holds something else") }
            out.append(text.string(text.tokens[place]))
        }
        return out
    }

    package func instants(_ name: String) throws(RecordError) -> [Instant] {
        var instants: [Instant] = []
        for milliseconds in try integers(name) { instants.append(try Self.instant(Int64(milliseconds), name)) }
        return instants
    }

    /// Empty when absent.
    package func integers(_ name: String) throws(RecordError) -> [Int] {
        var out: [Int] = []
        for place in try places(name) {
            guard let number = integer(place), number.magnitude <= 1 << 53 else {
                throw RecordError("\(name) holds something else")
            }
            out.append(Int(number))
        }
        return out
    }

    /// Of an array's items; none when it is absent.
    private func places(_ name: String) throws(RecordError) -> [Int32] {
        guard let array = value(name) else { return [] }
        guard text.tokens[array].kind == .array else { throw RecordError("\(name) is not an array") }
        var places: [Int32] = []
        var place = array + 1
        while place < text.tokens[array].next {
            places.append(place)
            place = text.tokens[place].next
        }
        return places
    }
}
