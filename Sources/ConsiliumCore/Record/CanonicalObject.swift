/// A value of the canonical encoding.
package enum CanonicalValue: Sendable, Equatable {
    case string(String)
    case integer(Int64)
    case bool(Bool)
    case array([CanonicalValue])
    case object(CanonicalObject)
}

/// An object of the canonical encoding, read strictly: unsorted or duplicate keys, white space, fractions and
/// nesting deeper than 16 are errors.
package struct CanonicalObject: Sendable, Equatable {
    package private(set) var fields: [(name: String, value: CanonicalValue)] = []

    package static func == (a: CanonicalObject, b: CanonicalObject) -> Bool {
        a.fields.count == b.fields.count && zip(a.fields, b.fields).allSatisfy { $0 == $1 }
    }

    package init(_ bytes: some Collection<UInt8>) throws(RecordError) { try self.init(bytes, keeping: nil) }

    /// - Parameters:
    ///   - names: fields with text that are named otherwise are checked and left out; nil: every field is kept.
    init(_ bytes: some Collection<UInt8>, keeping names: [String]?) throws(RecordError) {
        var parser = CanonicalParser(bytes: Array(bytes))
        self = try parser.object(depth: 0, keeping: names)
        guard parser.position == parser.bytes.count else { throw RecordError("bytes after the record") }
    }

    /// Fields in the order of their names' bytes.
    init(fields: [(name: String, value: CanonicalValue)]) { self.fields = fields }

    package func value(_ name: String) -> CanonicalValue? {
        fields.first { $0.name == name }?.value
    }

    package func optionalString(_ name: String) throws(RecordError) -> String? {
        switch value(name) {
        case nil: return nil
        case .string(let text): return text
        default: throw RecordError("\(name) is not a string")
        }
    }

    package func string(_ name: String) throws(RecordError) -> String {
        guard let text = try optionalString(name) else { throw RecordError("\(name) is missing") }
        return text
    }

    package func optionalInteger(_ name: String) throws(RecordError) -> Int64? {
        switch value(name) {
        case nil: return nil
        case .integer(let number): return number
        default: throw RecordError("\(name) is not an integer")
        }
    }

    package func integer(_ name: String) throws(RecordError) -> Int64 {
        guard let number = try optionalInteger(name) else { throw RecordError("\(name) is missing") }
        return number
    }

    package func int(_ name: String) throws(RecordError) -> Int { Int(try integer(name)) }

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
        guard case .bool(let flag) = value(name) else { throw RecordError("\(name) is not a boolean") }
        return flag
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
        guard let value = UInt64(digest: try string(name)) else {
            throw RecordError("\(name) is not 16 lower-case hexadecimal digits")
        }
        return value
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
        guard case .object(let object) = value(name) else { throw RecordError("\(name) is not an object") }
        return object
    }

    package func optionalObject(_ name: String) throws(RecordError) -> CanonicalObject? {
        value(name) == nil ? nil : try object(name)
    }

    /// Empty when absent.
    package func objects(_ name: String) throws(RecordError) -> [CanonicalObject] {
        var out: [CanonicalObject] = []
        for item in try array(name) {
            guard case .object(let object) = item else { throw RecordError("\(name) holds something else") }
            out.append(object)
        }
        return out
    }

    /// Empty when absent.
    package func strings(_ name: String) throws(RecordError) -> [String] {
        var out: [String] = []
        for item in try array(name) {
            guard case .string(let text) = item else { throw RecordError("\(name) holds something else") }
            out.append(text)
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
        for item in try array(name) {
            guard case .integer(let number) = item else { throw RecordError("\(name) holds something else") }
            out.append(Int(number))
        }
        return out
    }

    private func array(_ name: String) throws(RecordError) -> [CanonicalValue] {
        switch value(name) {
        case nil: return []
        case .array(let items): return items
        default: throw RecordError("\(name) is not an array")
        }
    }
}
