import Foundation
import Yams

/// A JSON value as the hub sends it: the client shows what comes, also fields that it does not know yet.
enum Value: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([Value])
    case object([String: Value])

    /// Reads JSON bytes; nil when they are none.
    init?(json bytes: [UInt8]) {
        guard let value = try? JSONDecoder().decode(Value.self, from: Data(bytes)) else { return nil }
        self = value
    }

    /// Any encodable value as a tree.
    init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
    }

    /// The value read as `type`, as `Decodable` reads it.
    func decoded<T: Decodable>(as type: T.Type) throws -> T {
        try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
    }

    subscript(key: String) -> Value {
        if case .object(let fields) = self { return fields[key] ?? .null }
        return .null
    }

    subscript(index: Int) -> Value {
        if case .array(let items) = self, items.indices.contains(index) { return items[index] }
        return .null
    }

    var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    var int: Int? {
        switch self {
        case .integer(let number): Int(exactly: number)
        case .string(let text): Int(text)
        default: nil
        }
    }

    var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    var array: [Value] {
        if case .array(let items) = self { return items }
        return []
    }

    var object: [String: Value] {
        if case .object(let fields) = self { return fields }
        return [:]
    }

    var isNull: Bool { self == .null }

    /// One line for a table's cell: scalars as they are, lists joined by commas, objects as `key value` pairs.
    var text: String {
        switch self {
        case .null: ""
        case .bool(let value): value ? "yes" : "no"
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .string(let text): text
        case .array(let items): items.map(\.text).joined(separator: ", ")
        case .object(let fields):
            fields.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.text)" }.joined(separator: ", ")
        }
    }

    /// JSON with sorted keys and, unless `compact`, line breaks.
    func json(compact: Bool = false) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            compact ? [.sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        guard let data = try? encoder.encode(self) else { return "null" }
        return String(decoding: data, as: UTF8.self)
    }

    var jsonBytes: [UInt8] { Array(json(compact: true).utf8) }

    /// YAML with sorted keys.
    var yaml: String {
        guard let text = try? Yams.serialize(node: node, allowUnicode: true) else { return json() }
        return text
    }

    private var node: Node {
        switch self {
        case .null: Node("null", Tag(.null))
        case .bool(let value): Node(value ? "true" : "false", Tag(.bool))
        case .integer(let number): Node(String(number), Tag(.int))
        case .number(let number): Node(String(number), Tag(.float))
        case .string(let text): Node(text, Tag(.str), Self.isPlain(text) ? .any : .doubleQuoted)
        case .array(let items): Node(items.map(\.node))
        case .object(let fields):
            Node(fields.sorted { $0.key < $1.key }.map { (Node($0.key), $0.value.node) })
        }
    }

    /// Whether a YAML reader takes the bare text for a string and not for a number, a date or a truth value.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        return first.properties.isAlphabetic && !words.contains(text.lowercased())
    }
}

extension Value: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([Value].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: Value].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: Value...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, Value)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }

    /// A string, or null when there is none.
    init(_ text: String?) { self = text.map { .string($0) } ?? .null }

    /// An object without the fields that are null.
    static func fields(_ pairs: KeyValuePairs<String, Value>) -> Value {
        .object(Dictionary(pairs.filter { !$0.value.isNull }.map { ($0.key, $0.value) }) { _, last in last })
    }
}
