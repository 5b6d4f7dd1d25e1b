/// The routing ladder (DOMAIN.md section 5): from the administrative level, never from the grade.
package enum Tier: String, CaseIterable, Comparable, Sendable, Codable {
    case primary
    case county
    case municipal
    case provincial
    case national

    package var rank: Int {
        switch self {
        case .primary: 0
        case .county: 1
        case .municipal: 2
        case .provincial: 3
        case .national: 4
        }
    }

    package static func < (a: Tier, b: Tier) -> Bool { a.rank < b.rank }
}

/// 三级十等, plus 未定级. Vendors' codes for it conflict, so a site's profile maps them.
package enum Grade: String, CaseIterable, Sendable, Codable {
    case tertiarySpecial = "3-special"
    case tertiaryA = "3A"
    case tertiaryB = "3B"
    case tertiaryC = "3C"
    case secondaryA = "2A"
    case secondaryB = "2B"
    case secondaryC = "2C"
    case primaryA = "1A"
    case primaryB = "1B"
    case primaryC = "1C"
    case ungraded
}

/// An organisation code: 1 to 32 letters, digits and hyphens.
package struct SiteID: Hashable, Comparable, Sendable, CustomStringConvertible, Codable {
    package var description: String

    package init?(_ text: some StringProtocol) {
        guard (1...32).contains(text.utf8.count),
            text.utf8.allSatisfy({
                ($0 >= 48 && $0 <= 57) || ($0 >= 65 && $0 <= 90) || ($0 >= 97 && $0 <= 122) || $0 == 45
            })
        else { return nil }
        description = String(text)
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = SiteID(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an organisation code: \(text)")
            )
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package static func < (a: SiteID, b: SiteID) -> Bool {
        a.description.utf8.lexicographicallyPrecedes(b.description.utf8)
    }
}

/// Digits of departments.tsv column 1, e.g. `0304`; two digits a level.
package struct DepartmentCode: Hashable, Comparable, Sendable, CustomStringConvertible, Codable {
    package var description: String

    /// Accepts `0304`, `A03.04` and `03.04` when the table has it.
    package init?(_ text: some StringProtocol) {
        var digits = String(text)
        if DepartmentTable.names[digits] == nil {
            digits = String(text.filter { $0 != "." }.drop { $0 == "A" })
            guard DepartmentTable.names[digits] != nil else { return nil }
        }
        description = digits
    }

    package var name: String { DepartmentTable.names[description] ?? description }

    /// `03` for `0304`; nil at the first level.
    package var parent: DepartmentCode? {
        description.utf8.count > 2 ? DepartmentCode(description.dropLast(2)) : nil
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = DepartmentCode(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a department code: \(text)")
            )
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package static func < (a: DepartmentCode, b: DepartmentCode) -> Bool {
        a.description.utf8.lexicographicallyPrecedes(b.description.utf8)
    }
}
