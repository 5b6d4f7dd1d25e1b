extension FHIRAdapter {
    /// The answer to `GET /fhir/metadata`: what is implemented, and nothing else.
    ///
    /// `software` is the hub's version, `url` the base address of its FHIR interface, `date` the day of the release.
    package static func capabilityStatement(software: String, url: String, date: String) -> [UInt8] {
        var json = JSONWriter(capacity: 8_192)
        json.object { json in
            json.field("resourceType", "CapabilityStatement")
            json.field("status", "active")
            json.field("date", date)
            json.field("kind", "instance")
            json.object("software") { json in
                json.field("name", "Consilium")
                json.field("version", software)
            }
            json.object("implementation") { json in
                json.field("description", "Consultations between the hospitals of one network")
                json.field("url", url)
            }
            json.field("fhirVersion", "4.0.1")
            json.field("format", strings: ["json"])
            json.array("rest") { json in
                json.object { json in
                    json.field("mode", "server")
                    json.object("security") { json in
                        json.field("description", "Mutual TLS 1.3; who may do what is granted by the network.")
                    }
                    json.array("resource") { json in
                        for resource in Capability.all { resource.write(&json) }
                    }
                    json.array("interaction") { json in
                        json.object { json in
                            json.field("code", "transaction")
                            json.field("documentation", "An application; an answer; a signed report.")
                        }
                    }
                }
            }
        }
        return json.bytes
    }
}

/// What the hub does with one resource type.
private struct Capability {
    struct Parameter {
        var name: String
        var type: String
    }

    var type: String
    var interactions: [String]
    var parameters: [Parameter] = []
    var operations: [(name: String, definition: String)] = []
    /// Derived anew from what stands behind it, without a history of its own.
    var isVersioned = true
    var note: String

    static let all: [Capability] = [
        Capability(
            type: "ServiceRequest",
            interactions: ["read", "update", "create", "search-type"],
            parameters: [
                Parameter(name: "_id", type: "token"), Parameter(name: "_count", type: "number"),
                Parameter(name: "identifier", type: "token"), Parameter(name: "status", type: "token"),
                Parameter(name: "priority", type: "token"), Parameter(name: "patient.identifier", type: "token"),
            ],
            operations: [("why", "urn:consilium:operation:why")],
            note: "Create: a request with contained resources. Update: an answer or amendment, or entered-in-error."
        ),
        Capability(
            type: "Task",
            interactions: ["read", "update", "create", "search-type"],
            parameters: [
                Parameter(name: "_id", type: "token"), Parameter(name: "_count", type: "number"),
                Parameter(name: "focus", type: "reference"), Parameter(name: "status", type: "token"),
                Parameter(name: "owner", type: "reference"),
            ],
            note: "Update with If-Match: accept, decline, start, fail, close, note. Create: abort, resume."
        ),
        Capability(
            type: "Patient",
            interactions: ["read", "search-type"],
            parameters: [
                Parameter(name: "_id", type: "token"), Parameter(name: "_count", type: "number"),
                Parameter(name: "identifier", type: "token"),
            ],
            note: "The patient as one case knows it; there is no master patient index."
        ),
        Capability(
            type: "Organization",
            interactions: ["read", "search-type"],
            parameters: [
                Parameter(name: "_id", type: "token"), Parameter(name: "_count", type: "number"),
                Parameter(name: "name", type: "string"),
            ],
            note: "The member sites; the id is the organisation code."
        ),
        Capability(
            type: "DiagnosticReport",
            interactions: ["read", "search-type"],
            parameters: [
                Parameter(name: "_id", type: "token"), Parameter(name: "_count", type: "number"),
                Parameter(name: "based-on", type: "reference"),
            ],
            note: "Created in a transaction with the completed offer Task and the Provenance that signs it."
        ),
        Capability(type: "Provenance", interactions: ["read"], note: "The signature of a report."),
        Capability(
            type: "DocumentReference",
            interactions: ["read", "search-type"],
            parameters: [
                Parameter(name: "_id", type: "token"), Parameter(name: "_count", type: "number"),
                Parameter(name: "related", type: "reference"),
            ],
            note: "Attachments of a request and of a report."
        ),
        Capability(type: "Binary", interactions: ["read"], note: "The bytes of an attachment."),
        Capability(
            type: "Consent",
            interactions: ["read", "update", "create"],
            note: "Create or update: recorded. Update with status inactive: withdrawn."
        ),
        Capability(
            type: "Measure",
            interactions: ["read", "search-type"],
            parameters: [Parameter(name: "_id", type: "token"), Parameter(name: "url", type: "uri")],
            operations: [
                ("evaluate-measure", "http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure")
            ],
            isVersioned: false,
            note: "Operational measures of this project and their composites; for auditors."
        ),
        Capability(
            type: "MeasureReport",
            interactions: ["read"],
            isVersioned: false,
            note: "A measure in a month, quarter or year; a subject list names cases by reference, never patients."
        ),
        Capability(
            type: "Questionnaire",
            interactions: ["read", "search-type"],
            parameters: [Parameter(name: "_id", type: "token"), Parameter(name: "url", type: "uri")],
            isVersioned: false,
            note: "The eight items that auditors rate."
        ),
        Capability(
            type: "QuestionnaireResponse",
            interactions: ["create", "read"],
            isVersioned: false,
            note: "An auditor's sheet; others' are shown when the assessment allows it."
        ),
    ]

    func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("type", type)
            json.field("documentation", note)
            json.array("interaction") { json in
                for code in interactions { json.object { json in json.field("code", code) } }
            }
            json.field("versioning", isVersioned ? "versioned" : "no-version")
            json.field("conditionalCreate", type == "ServiceRequest")
            if !parameters.isEmpty {
                json.array("searchParam") { json in
                    for parameter in parameters {
                        json.object { json in
                            json.field("name", parameter.name)
                            json.field("type", parameter.type)
                        }
                    }
                }
            }
            if !operations.isEmpty {
                json.array("operation") { json in
                    for operation in operations {
                        json.object { json in
                            json.field("name", operation.name)
                            json.field("definition", operation.definition)
                        }
                    }
                }
            }
        }
    }
}
