import ConsiliumCore

/// Writers of what measures and assessments are made of.
extension JSONWriter {
    /// A `decimal` of R4: the shortest digits that read back as the same number. Nothing for nil, or for what is no number.
    mutating func field(_ name: StaticString, decimal value: Double?) {
        guard let value, value.isFinite else { return }
        let isWhole = value.rounded() == value && abs(value) < 1e15
        field(name, raw: (isWhole ? "\(Int64(value))" : "\(value)").utf8)
    }

    /// A text member in English with its Chinese translation on the underscored member `extras`.
    mutating func bilingual(_ name: StaticString, _ extras: StaticString, _ text: BilingualText) {
        field(name, text.en)
        object(extras) { json in
            json.array("extension") { json in
                json.group(FHIRExtension.translation) { json in
                    json.extensionText("lang", "zh-CN", as: "valueCode")
                    json.extensionText("content", text.zh)
                }
            }
        }
    }

    /// A `Coding` member's or element's members with the display in both languages.
    mutating func bilingualCoding(_ system: String, _ code: String, _ display: BilingualText) {
        field("system", system)
        field("code", code)
        bilingual("display", "_display", display)
    }

    /// A `CodeableConcept` with one coding, named in both languages.
    mutating func bilingualConcept(_ system: String, _ code: String, _ display: BilingualText) {
        array("coding") { json in
            json.object { json in json.bilingualCoding(system, code, display) }
        }
    }

    // MARK: Extensions

    /// An extension that holds extensions.
    mutating func group(_ url: String, _ parts: (inout JSONWriter) -> Void) {
        object { json in
            json.field("url", url)
            json.array("extension", parts)
        }
    }

    mutating func extensionCode(_ url: String, _ value: String?) { extensionText(url, value, as: "valueCode") }

    mutating func extensionInteger(_ url: String, _ value: Int?) {
        guard let value else { return }
        object { json in
            json.field("url", url)
            json.field("valueInteger", value)
        }
    }

    mutating func extensionDecimal(_ url: String, _ value: Double?) {
        guard let value, value.isFinite else { return }
        object { json in
            json.field("url", url)
            json.field("valueDecimal", decimal: value)
        }
    }

    mutating func extensionBilingual(_ url: String, _ text: BilingualText) {
        object { json in
            json.field("url", url)
            json.bilingual("valueString", "_valueString", text)
        }
    }

    /// An element that has no value, and why (http://terminology.hl7.org/CodeSystem/data-absent-reason).
    mutating func absent(_ name: StaticString, _ reason: String) {
        object(name) { json in
            json.array("extension") { json in json.extensionCode(FHIRExtension.dataAbsentReason, reason) }
        }
    }

    // MARK: Measures

    /// The members of a `Quantity` in a UCUM unit; with the interval of the value, where there is one.
    mutating func quantity(_ value: Double, unit: String, low: Double?, high: Double?, method: String?) {
        if let low, let high {
            array("extension") { json in
                json.group(FHIRExtension.interval) { json in
                    json.extensionDecimal("low", low)
                    json.extensionDecimal("high", high)
                    json.extensionInteger("level", 95)
                    json.extensionCode("method", method)
                }
            }
        }
        field("value", decimal: value)
        field("unit", unit)
        field("system", FHIRSystem.unit)
        field("code", unit)
    }

    /// The network as an organisation: it is no member of itself, so it is named and has no address.
    mutating func network(_ name: StaticString, _ network: String) {
        object(name) { json in
            json.field("type", "Organization")
            json.object("identifier") { json in
                json.field("system", FHIRSystem.network)
                json.field("value", network)
            }
            json.field("display", network)
        }
    }
}
