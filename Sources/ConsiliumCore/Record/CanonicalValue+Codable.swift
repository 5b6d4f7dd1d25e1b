import Foundation

/// Directory entries and policies are codable documents; in a record they stand as canonical values like all else.
private indirect enum CanonicalValue: Decodable {
    case string(String)
    case integer(Int64)
    case bool(Bool)
    case array([CanonicalValue])
    /// In the order of their names' bytes.
    case object([(name: String, value: CanonicalValue)])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let items = try? container.decode([CanonicalValue].self) {
            self = .array(items)
        } else {
            let fields = try container.decode([String: CanonicalValue].self)
                .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            self = .object(fields.map { (name: $0.key, value: $0.value) })
        }
    }

    func write(to w: inout CanonicalWriter) {
        switch self {
        case .string(let text): w.string(text)
        case .integer(let number): w.raw(String(number))
        case .bool(let flag): w.raw(flag ? "true" : "false")
        case .array(let items): w.array(items) { w, item in item.write(to: &w) }
        case .object(let fields): w.object { w in for (name, value) in fields { w.write(name, value: value.write) } }
        }
    }
}

extension CanonicalWriter {
    /// - Parameters:
    ///   - document: holds strings, whole numbers, flags, lists and objects of them, nothing else.
    mutating func field(_ name: String, document: some Encodable) {
        let value = try? JSONDecoder().decode(CanonicalValue.self, from: JSONEncoder().encode(document))
        write(name, value: (value ?? .object([])).write)
    }
}

extension CanonicalObject {
    func document<Document: Decodable>(_ name: String, as type: Document.Type) throws(RecordError) -> Document {
        try object(name).decoded(name, as: type)
    }

    /// Empty when absent.
    func documents<Document: Decodable>(_ name: String, as type: Document.Type) throws(RecordError) -> [Document] {
        var out: [Document] = []
        for object in try objects(name) { out.append(try object.decoded(name, as: type)) }
        return out
    }

    private func decoded<Document: Decodable>(_ name: String, as type: Document.Type) throws(RecordError) -> Document {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw RecordError("\(name): \(error)")
        }
    }
}
