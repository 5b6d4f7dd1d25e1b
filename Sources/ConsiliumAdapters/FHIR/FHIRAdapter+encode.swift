package import ConsiliumCore

/// An HTTP request that carries one act.
package struct FHIRRequestMessage: Sendable {
    /// `POST` or `PUT`.
    package var method: String
    package var path: String
    package var body: [UInt8]
}

extension FHIRAdapter {
    /// The transaction Bundle that submits `application` for `site`; the reverse of `decodeBundle`.
    ///
    /// `messageID` is the sender's own number of this message; it becomes `Bundle.identifier`.
    package static func encodeBundle(_ application: Application, site: SiteID, messageID: String) -> [UInt8] {
        let writer = ApplicationWriter(
            application: application,
            organization: "Organization/\(site)",
            patient: BundleAddress.patient
        )
        let size = application.attachments.reduce(4_096) { $0 + $1.bytes.count / 3 * 4 + 512 }
        return transaction(messageID: messageID, size: size) { json in
            json.entry(BundleAddress.patient, method: "POST", url: "Patient") { json in
                writer.patient(&json, .local(nil))
            }
            json.entry(BundleAddress.request, method: "POST", url: "ServiceRequest") { json in
                json.object { json in
                    ResourceHeader.local(nil).write("ServiceRequest", &json)
                    json.field("status", "active")
                    writer.serviceRequest(&json)
                }
            }
            if Element.consent.contains(where: { application[$0] != nil }) {
                json.entry(BundleAddress.consent, method: "POST", url: "Consent") { json in
                    ConsentWriter(elements: application.elements, patient: BundleAddress.patient, request: nil)
                        .write(&json, .local(nil))
                }
            }
            for attachment in application.attachments {
                json.entry(nil, method: "POST", url: "DocumentReference") { json in
                    document(attachment, patient: BundleAddress.patient, &json)
                }
            }
        }
    }

    static func document(_ attachment: Attachment, patient: String, _ json: inout JSONWriter) {
        json.object { json in
            ResourceHeader.local(nil).write("DocumentReference", &json)
            json.field("status", "current")
            json.reference("subject", patient)
            json.array("content") { json in
                json.object { json in
                    json.object("attachment") { json in json.attachmentBody(attachment) }
                }
            }
        }
    }

    static func transaction(
        messageID: String?,
        size: Int = 4_096,
        _ entries: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var json = JSONWriter(capacity: size)
        json.object { json in
            json.field("resourceType", "Bundle")
            if let messageID {
                json.object("identifier") { json in
                    json.field("system", FHIRSystem.message)
                    json.field("value", messageID)
                }
            }
            json.field("type", "transaction")
            json.array("entry", entries)
        }
        return json.bytes
    }
}

/// Addresses of entries within one Bundle; they mean nothing outside it.
enum BundleAddress {
    static let patient = "urn:uuid:00000000-0000-4000-8000-000000000001"
    static let request = "urn:uuid:00000000-0000-4000-8000-000000000002"
    static let consent = "urn:uuid:00000000-0000-4000-8000-000000000003"
    static let task = "urn:uuid:00000000-0000-4000-8000-000000000004"
    static let report = "urn:uuid:00000000-0000-4000-8000-000000000005"
    static let provenance = "urn:uuid:00000000-0000-4000-8000-000000000006"
}

extension JSONWriter {
    /// An entry of a transaction.
    mutating func entry(
        _ fullURL: String?,
        method: String,
        url: String,
        _ resource: (inout JSONWriter) -> Void
    ) {
        object { json in
            json.field("fullUrl", fullURL)
            json.member("resource", resource)
            json.object("request") { json in
                json.field("method", method)
                json.field("url", url)
            }
        }
    }

    /// The members of an `Attachment` with its bytes inline.
    mutating func attachmentBody(_ attachment: Attachment) {
        field("contentType", attachment.contentType)
        field("data", base64: attachment.bytes)
        field("title", attachment.title)
    }
}
