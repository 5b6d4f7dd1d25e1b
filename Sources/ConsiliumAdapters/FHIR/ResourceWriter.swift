import ConsiliumCore

/// What stands first in every resource: type, id, meta.
struct ResourceHeader {
    var id: String?
    /// `meta.versionId`.
    var version: Int?
    var updated: Instant?
    /// Clinical content was left out (`meta.security` MASKED).
    var isMasked = false

    /// Of a contained resource, or one that the server is to name.
    static func local(_ id: String?) -> ResourceHeader { ResourceHeader(id: id) }

    func write(_ type: String, _ json: inout JSONWriter) {
        json.field("resourceType", type)
        json.field("id", id)
        guard version != nil || updated != nil || isMasked else { return }
        json.object("meta") { json in
            json.field("versionId", version.map(String.init))
            json.field("lastUpdated", updated?.iso8601)
            if isMasked {
                json.array("security") { json in
                    json.object { json in json.coding(FHIRSystem.observationValue, "MASKED", "masked") }
                }
            }
        }
    }
}

/// Writers of R4 data types.
extension JSONWriter {
    /// The members of a `Coding`.
    mutating func coding(_ system: String, _ code: String, _ display: String? = nil) {
        field("system", system)
        field("code", code)
        field("display", display)
    }

    /// A `CodeableConcept` member with one coding.
    mutating func concept(
        _ name: StaticString,
        _ system: String,
        _ code: String,
        display: String? = nil,
        text: String? = nil
    ) {
        object(name) { json in json.conceptBody(system, code, display: display, text: text) }
    }

    /// The members of a `CodeableConcept`.
    mutating func conceptBody(_ system: String, _ code: String, display: String? = nil, text: String? = nil) {
        array("coding") { json in
            json.object { json in json.coding(system, code, display) }
        }
        field("text", text)
    }

    /// A `Reference` member.
    mutating func reference(_ name: StaticString, _ address: String, display: String? = nil) {
        object(name) { json in
            json.field("reference", address)
            json.field("display", display)
        }
    }

    /// An element of an `identifier` array; nothing for nil.
    mutating func identifier(_ system: String, _ value: String?, type: String? = nil) {
        guard let value else { return }
        object { json in
            if let type { json.concept("type", FHIRSystem.identifierType, type) }
            json.field("system", system)
            json.field("value", value)
        }
    }

    /// An element of an `extension` array; nothing for nil.
    mutating func extensionText(_ url: String, _ value: String?, as name: StaticString = "valueString") {
        guard let value else { return }
        object { json in
            json.field("url", url)
            json.field(name, value)
        }
    }

    mutating func extensionFlag(_ url: String, _ value: Bool?) {
        guard let value else { return }
        object { json in
            json.field("url", url)
            json.field("valueBoolean", value)
        }
    }

    /// An `extension` member, unless `body` writes none.
    mutating func extensions(_ isNeeded: Bool, _ body: (inout JSONWriter) -> Void) {
        if isNeeded { array("extension", body) }
    }

    /// A `note` member of one annotation; nothing for nil.
    mutating func note(_ text: String?) {
        guard let text, !text.isEmpty else { return }
        array("note") { json in
            json.object { json in json.field("text", text) }
        }
    }

    /// A `telecom` member with one telephone number; nothing for nil.
    mutating func telephone(_ number: String?) {
        guard let number else { return }
        array("telecom") { json in
            json.object { json in
                json.field("system", "phone")
                json.field("value", number)
            }
        }
    }

    /// A `name` member of one `HumanName`; nothing for nil.
    mutating func personName(_ name: String?) {
        guard let name else { return }
        array("name") { json in
            json.object { json in json.field("text", name) }
        }
    }

    /// A `subject` that is not disclosed: R4 asks for one, and a reason may stand in its place.
    mutating func masked(_ name: StaticString) {
        object(name) { json in
            json.array("extension") { json in
                json.extensionText(FHIRExtension.dataAbsentReason, "masked", as: "valueCode")
            }
        }
    }
}
