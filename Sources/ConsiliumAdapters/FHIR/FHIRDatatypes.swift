import ConsiliumCore

/// Readers of R4 data types (https://hl7.org/fhir/R4/datatypes.html) over indexed JSON.
extension JSONValue {
    /// The `Extension` with this url; nil when absent.
    func fhirExtension(_ url: String) throws(FormatError) -> JSONValue? {
        for candidate in try objects("extension") {
            if let value = candidate.member("url"), value.isText(url) { return candidate }
        }
        return nil
    }

    /// The text of the extension with this url, whatever string-like type its value has.
    func extensionText(_ url: String) throws(FormatError) -> String? {
        guard let found = try fhirExtension(url) else { return nil }
        for name in ["valueString", "valueCode", "valueMarkdown", "valueDate"] as [StaticString] {
            if let text = try found.text(name) { return text }
        }
        if let number = try found.number("valueInteger") { return number }
        throw found.error(.missing, "the extension has no text")
    }

    func extensionFlag(_ url: String) throws(FormatError) -> Bool? {
        guard let found = try fhirExtension(url) else { return nil }
        guard let flag = try found.boolean("valueBoolean") else {
            throw found.error(.missing, at: "valueBoolean", "the extension has no value")
        }
        return flag
    }

    /// A code of the closed set `Value`, from the string member `name`.
    func code<Value: RawRepresentable>(_ name: StaticString) throws(FormatError) -> Value?
    where Value.RawValue == String {
        guard let text = try text(name) else { return nil }
        guard let value = Value(rawValue: text) else {
            throw error(.unknownCode, at: "\(name)", "not a code of the value set")
        }
        return value
    }

    /// A `date`, `dateTime` or `instant` member as it stands, checked: a real day, a zone wherever there is a time.
    func date(_ name: StaticString) throws(FormatError) -> String? {
        guard let text = try text(name) else { return nil }
        guard FHIRDate.isValid(text) else { throw error(.invalidValue, at: "\(name)", "not a date of R4") }
        return text
    }

    /// The text of a `CodeableConcept` for a person: its text, else the display of its first coding.
    func conceptText() throws(FormatError) -> String? {
        if let text = try text("text") { return text }
        for coding in try objects("coding") {
            if let display = try coding.text("display") { return display }
        }
        return nil
    }

    /// The code that the `CodeableConcept` member `name` gives in `system`; nil when it gives none.
    ///
    /// Throws `unknown-code` when the code is not of the closed set.
    func concept<Value: RawRepresentable>(
        _ name: StaticString,
        in system: String
    ) throws(FormatError) -> Value? where Value.RawValue == String {
        guard let concept = try object(name) else { return nil }
        return try concept.coded(in: system)
    }

    /// As `concept(_:in:)`, of this `CodeableConcept` itself.
    func coded<Value: RawRepresentable>(in system: String) throws(FormatError) -> Value?
    where Value.RawValue == String {
        for coding in try objects("coding") {
            guard let stated = coding.member("system"), stated.isText(system) else { continue }
            coding.member("display")?.markAll()
            guard let value: Value = try coding.code("code") else {
                throw coding.error(.missing, at: "code", "a coding of \(system) without a code")
            }
            return value
        }
        return nil
    }

    /// A `HumanName` as one text.
    func humanName() throws(FormatError) -> String? {
        if let text = try text("text") {
            member("family")?.markAll()
            member("given")?.markAll()
            return text
        }
        let family = try text("family") ?? ""
        let given = try texts("given")
        return PersonName.joined(family: family, given: given)
    }

    /// The name to show of those in the array member `name`: the official one, else the first.
    func personName(_ name: StaticString) throws(FormatError) -> String? {
        let names = try objects(name)
        for candidate in names {
            if let use = candidate.member("use"), use.isText("official") { return try candidate.humanName() }
        }
        names.first?.member("use")?.markAll()
        return try names.first?.humanName()
    }

    /// The first telephone number of a `ContactPoint` array.
    func telephone(_ name: StaticString) throws(FormatError) -> String? {
        for contact in try objects(name) {
            guard let system = contact.member("system"), system.isText("phone") else { continue }
            contact.member("use")?.markAll()
            return try contact.text("value")
        }
        return nil
    }

    /// Text of all annotations of the array member `name`, one a line.
    func annotations(_ name: StaticString) throws(FormatError) -> String? {
        var lines: [String] = []
        for note in try objects(name) { lines.append(try note.requiredText("text")) }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}

/// One text for a name that is given in parts.
enum PersonName {
    /// `王小明`, without a space, where the family name is written in Han characters; else `John Smith`.
    static func joined(family: String, given: [String]) -> String? {
        let given = given.filter { !$0.isEmpty }
        if family.isEmpty && given.isEmpty { return nil }
        if isHan(family.isEmpty ? given[0] : family) { return family + given.joined() }
        return (given + [family]).filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func isHan(_ text: String) -> Bool {
        text.unicodeScalars.contains {
            switch $0.value {
            case 0x3400...0x9FFF, 0xF900...0xFAFF, 0x2_0000...0x3_FFFF: true
            default: false
            }
        }
    }
}

enum FHIRDate {
    /// `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or a full time with its zone (R4 `dateTime`).
    static func isValid(_ text: String) -> Bool {
        if text.utf8.contains(UInt8(ascii: "T")) { return Instant(iso8601: text) != nil }
        return ApplicationFacts.isDate(text)
    }

    /// The day of a checked date or time, as the sender wrote it.
    static func day(_ text: String) -> String { String(text.prefix(10)) }
}
