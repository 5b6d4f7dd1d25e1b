/// What an event seals: elements and the manifest of its attachments, in one canonical encoding.
///
/// A report's signature binds these bytes.
package struct Payload: Sendable, Equatable {
    /// One attachment of the manifest; its bytes are a blob of the case.
    package struct Item: Sendable, Equatable {
        package var id: String
        package var title: String
        package var contentType: String
        package var size: Int
        /// Lower-case hexadecimal SHA-256 of the bytes.
        package var sha256: String

        package init(id: String, title: String, contentType: String, size: Int, sha256: String) {
            self.id = id
            self.title = title
            self.contentType = contentType
            self.size = size
            self.sha256 = sha256
        }
    }

    /// By element name, in the order of the names' bytes; also `note` for the free text that goes with an act.
    package private(set) var elements: [(name: String, value: String)]
    package var attachments: [Item]
    /// Detached JWS of a report, outside the bytes that it signs.
    package var signature: String?

    /// One text under a name of its own.
    package init(_ name: String, _ value: String) { self.init(elements: [(name, value)]) }

    private init(elements: [(name: String, value: String)], attachments: [Item] = [], signature: String? = nil) {
        self.elements = elements
        self.attachments = attachments
        self.signature = signature
    }

    /// The elements of an application and the manifest of its attachments; `digest` is lower-case hexadecimal SHA-256.
    package init(application: Application, prefix: String = "application", digest: ([UInt8]) -> String) {
        self.init(
            elements: application.elements.sorted.map { ($0.key.rawValue, $0.value) },
            attachments: Self.manifest(application.attachments, prefix: prefix, digest: digest)
        )
    }

    package init(report: Report, number: Int, digest: ([UInt8]) -> String) {
        self.init(
            elements: report.elements.sorted.map { ($0.key.rawValue, $0.value) },
            attachments: Self.manifest(report.attachments, prefix: "report-\(number)", digest: digest)
        )
    }

    private static func manifest(
        _ attachments: [Attachment],
        prefix: String,
        digest: ([UInt8]) -> String
    ) -> [Item] {
        attachments.enumerated()
            .map { index, attachment in
                Item(
                    id: "\(prefix)-\(index + 1)",
                    title: attachment.title,
                    contentType: attachment.contentType,
                    size: attachment.bytes.count,
                    sha256: digest(attachment.bytes)
                )
            }
    }

    /// The bytes that a signature binds: everything but the signature.
    package var signedBytes: [UInt8] { encode(signature: nil) }

    /// The bytes that are sealed.
    package var canonical: [UInt8] { encode(signature: signature) }

    private func encode(signature: String?) -> [UInt8] {
        var writer = CanonicalWriter()
        writer.object { w in
            w.field("attachments", attachments) { w, item in
                w.object { w in
                    w.field("contentType", item.contentType)
                    w.field("id", item.id)
                    w.field("sha256", item.sha256)
                    w.field("size", item.size)
                    w.field("title", item.title)
                }
            }
            w.field("elements") { w in
                for (name, value) in elements { w.field(name, value) }
            }
            w.field("signature", signature)
        }
        return writer.bytes
    }

    package init(canonical bytes: some Collection<UInt8>) throws(RecordError) {
        let o = try CanonicalObject(bytes)
        var elements: [(name: String, value: String)] = []
        let object = try o.object("elements")
        for name in object.names { elements.append((name, try object.string(name))) }
        var attachments: [Item] = []
        for item in try o.objects("attachments") {
            attachments.append(
                Item(
                    id: try item.string("id"),
                    title: try item.string("title"),
                    contentType: try item.string("contentType"),
                    size: try item.int("size"),
                    sha256: try item.string("sha256")
                )
            )
        }
        self.init(elements: elements, attachments: attachments, signature: try o.optionalString("signature"))
    }

    package subscript(name: String) -> String? { elements.first { $0.name == name }?.value }
    package subscript(element: Element) -> String? { self[element.rawValue] }
    package subscript(element: ReportElement) -> String? { self[element.rawValue] }

    /// Keeps only the elements of these names.
    package mutating func keep(_ names: Set<String>) { elements.removeAll { !names.contains($0.name) } }

    package static func == (a: Payload, b: Payload) -> Bool {
        a.attachments == b.attachments && a.signature == b.signature && a.elements.count == b.elements.count
            && zip(a.elements, b.elements).allSatisfy { $0 == $1 }
    }
}
