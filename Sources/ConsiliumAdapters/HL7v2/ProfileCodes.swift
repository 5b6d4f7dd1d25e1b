import ConsiliumCore

/// How one site's codes are read: its own maps first, then the network's tables.
struct ProfileCodes {
    let profile: ExchangeProfile

    init(_ profile: ExchangeProfile) { self.profile = profile }

    func priority(_ text: String) -> Priority? {
        if let own = profile.priorities[text] { return Priority(rawValue: own) }
        return CodeTables.priorities[text] ?? CodeTables.priorities[text.uppercased()]
            ?? Priority(rawValue: text.lowercased())
    }

    func sex(_ text: String) -> Sex? {
        if let own = profile.sexes[text] { return Sex(rawValue: own) }
        return CodeTables.sexes[text] ?? CodeTables.sexes[text.uppercased()]
    }

    /// The department that a coded element names.
    ///
    /// The digits of the national table are believed where the coding system says that they are meant, in their dotted
    /// form (`A03.04`), or where the site has no map of its own; a two-digit local code must not pass for a national one.
    func department(code: String?, name: String?, system: String?) -> DepartmentCode? {
        for text in [code, name].compactMap({ $0 }) {
            if let own = profile.departments[text] { return DepartmentCode(own) }
        }
        if let code, Self.looksLikeDepartmentCode(code), let known = DepartmentCode(code) {
            let isDotted = code.contains(".")
            let isNational = system.map { CodeTables.departmentSystems.contains($0.uppercased()) } ?? false
            if isDotted || isNational || profile.departments.isEmpty { return known }
        }
        for text in [name, code].compactMap({ $0 }) {
            if let digits = CodeTables.departmentNames[text] { return DepartmentCode(digits) }
        }
        return nil
    }

    /// The element that an identifier of PID-3 fills, by its type code and its assigning authority.
    func identifier(type: String?, authority: String?, value: String) -> Element {
        for key in [type, authority].compactMap({ $0 }) {
            if let own = profile.identifierTypes[key].flatMap(Element.init(rawValue:)) { return own }
        }
        for key in [type, authority].compactMap({ $0 }) {
            if let known = CodeTables.identifierTypes[key] ?? CodeTables.identifierTypes[key.uppercased()] {
                return known
            }
        }
        if type != nil { return .otherIdentifier }
        return Self.looksLikeCitizenID(value) ? .citizenID : .medicalRecordNumber
    }

    func noteElement(_ type: String) -> Element? {
        if let own = profile.noteTypes[type] { return Element(rawValue: own) }
        return CodeTables.noteTypes[type] ?? CodeTables.noteTypes[type.uppercased()]
    }

    private static func looksLikeDepartmentCode(_ text: String) -> Bool {
        text.utf8.count <= 9 && text.utf8.allSatisfy { ($0 >= 48 && $0 <= 57) || $0 == 46 || $0 == 65 }
    }

    /// GB 11643: 17 digits with a real birth date and a check character (not recomputed), or the old 15 digits.
    static func looksLikeCitizenID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
        guard bytes.count == 18, bytes.prefix(17).allSatisfy(isDigit),
            isDigit(bytes[17]) || bytes[17] == UInt8(ascii: "X") || bytes[17] == UInt8(ascii: "x")
        else { return false }
        return HL7Time(String(decoding: bytes[6..<14], as: UTF8.self)) != nil
    }
}
