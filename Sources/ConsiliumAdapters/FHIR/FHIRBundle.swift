import ConsiliumCore

/// One resource as it was sent: an entry's, a contained one, or the body itself.
struct FHIRResource {
    var type: String
    var value: JSONValue
    /// The resource that contains it.
    var container: JSONValue?

    /// Where `#id` references of this resource are looked up.
    var scope: JSONValue { container ?? value }

    init(_ value: JSONValue, in container: JSONValue? = nil) throws(FormatError) {
        type = try value.requiredText("resourceType")
        self.value = value
        self.container = container
    }

    /// Marks what every resource carries and nobody here needs: identity on the sender's server and generated text.
    ///
    /// Refuses what R4 says must be understood or refused: `modifierExtension` and `implicitRules`.
    func open() throws(FormatError) {
        for name in ["modifierExtension", "implicitRules"] as [StaticString] {
            if let found = value.member(name) {
                throw found.error(.invalidValue, "this network does not understand it")
            }
        }
        value.member("id")?.markAll()
        value.member("language")?.markAll()
        if let meta = try value.object("meta") {
            for name in ["versionId", "lastUpdated", "source"] as [StaticString] { meta.member(name)?.markAll() }
        }
        if let text = try value.object("text"), let status = text.member("status"), status.isText("generated") {
            text.markAll()
        }
    }
}

/// What a transaction asks for one resource (`Bundle.entry.request`).
struct FHIREntry {
    enum Method: String {
        case post = "POST"
        case put = "PUT"
    }

    var value: JSONValue
    var resource: FHIRResource
    var method: Method
    /// The target of a PUT.
    var target: FHIRID?
    var ifMatch: Int?
    var ifNoneExist: String?
}

/// A transaction Bundle, or a single resource taken for one, with its references resolvable.
struct FHIRBundle {
    private(set) var entries: [FHIREntry] = []
    private(set) var messageID: String?
    private(set) var sender = ""
    private var index: [String: Int] = [:]

    /// Reads the entries of a `Bundle` of type `transaction`.
    init(_ bundle: JSONValue) throws(FormatError) {
        guard try bundle.requiredText("type") == "transaction" else {
            throw bundle.error(.unsupportedType, at: "type", "only transactions are taken")
        }
        try FHIRResource(bundle).open()
        bundle.member("timestamp")?.markAll()
        if let identifier = try bundle.object("identifier") {
            sender = try identifier.text("system") ?? ""
            messageID = try identifier.requiredText("value")
        }
        for entry in try bundle.objects("entry") { try add(entry) }
        guard !entries.isEmpty else { throw bundle.error(.missing, at: "entry", "a transaction without entries") }
    }

    /// One resource, sent by itself.
    init(single value: JSONValue, method: FHIREntry.Method, target: FHIRID?) throws(FormatError) {
        entries = [FHIREntry(value: value, resource: try FHIRResource(value), method: method, target: target)]
    }

    private mutating func add(_ value: JSONValue) throws(FormatError) {
        guard let body = try value.object("resource") else {
            let method = try value.object("request")?.text("method") ?? ""
            throw method == "GET" || method == "DELETE"
                ? value.error(.unsupportedEvent, at: "request.method", "a transaction takes POST and PUT only")
                : value.error(.missing, at: "resource", "mandatory and absent")
        }
        let resource = try FHIRResource(body)
        guard ResourceTypes.contains(resource.type) else {
            throw body.error(.unsupportedType, at: "resourceType", "not a resource type of R4")
        }
        guard let request = try value.object("request") else {
            throw value.error(.missing, at: "request", "mandatory in a transaction")
        }
        guard let method = FHIREntry.Method(rawValue: try request.requiredText("method")) else {
            throw request.error(.unsupportedEvent, at: "method", "a transaction takes POST and PUT only")
        }
        let url = try request.requiredText("url")
        var entry = FHIREntry(value: value, resource: resource, method: method)
        let isPlain = method == .post ? url == resource.type : url.hasPrefix(resource.type + "/")
        guard isPlain, !url.contains("?") else {
            throw request.error(.invalidValue, at: "url", "not the address of this resource's type")
        }
        if method == .put {
            entry.target = FHIRID(type: resource.type, id: String(url.dropFirst(resource.type.utf8.count + 1)))
        }
        if let tag = try request.text("ifMatch") {
            guard let version = FHIRAdapter.version(entityTag: tag) else {
                throw request.error(.invalidValue, at: "ifMatch", "not an entity tag W/\"n\"")
            }
            entry.ifMatch = version
        }
        entry.ifNoneExist = try request.text("ifNoneExist")
        try register(entry, fullURL: try value.text("fullUrl"), url: url)
        entries.append(entry)
    }

    private mutating func register(_ entry: FHIREntry, fullURL: String?, url: String) throws(FormatError) {
        var names: [String] = []
        if let fullURL { names.append(fullURL) }
        if entry.method == .put { names.append(url) }
        if let id = entry.resource.value.member("id"), case let text = try id.text(), !text.isEmpty {
            names.append("\(entry.resource.type)/\(text)")
        }
        for name in names {
            if let other = index[name], other != entries.count {
                throw entry.value.error(.invalidValue, at: "fullUrl", "two entries are called the same")
            }
            index[name] = entries.count
        }
    }

    /// The resource of the entry that is called `address`.
    func resource(at address: String) -> FHIRResource? { index[address].map { entries[$0].resource } }

    func entries(of type: String) -> [FHIREntry] { entries.filter { $0.resource.type == type } }

    // MARK: References

    /// What a `Reference` points to.
    enum Target {
        case resource(FHIRResource)
        /// A resource of the hub or of the network's directory, by type and id.
        case known(type: String, id: String)
        /// No address, only an identifier or a text for people.
        case logical
    }

    /// Resolves the `Reference` member `name` of `element`, which stands in a resource whose contained ones are in
    /// `scope`; nil when absent.
    ///
    /// Throws `dangling-reference` when nothing in the message and nothing that the hub knows has that address, and
    /// `invalid-value` when it is of another type than those in `types`.
    func resolve(
        _ name: StaticString,
        of element: JSONValue,
        in scope: JSONValue,
        types: [String]
    ) throws(FormatError) -> Target? {
        guard let reference = try element.object(name) else { return nil }
        return try resolve(reference, in: scope, types: types)
    }

    func resolve(_ reference: JSONValue, in scope: JSONValue, types: [String]) throws(FormatError) -> Target {
        reference.member("type")?.markAll()
        guard let address = try reference.text("reference") else { return .logical }
        let found: FHIRResource
        if address.utf8.first == UInt8(ascii: "#") {
            guard let contained = try contained(String(address.dropFirst()), in: scope) else {
                throw reference.error(.danglingReference, at: "reference", "nothing contained has that id")
            }
            found = contained
        } else if let position = index[address] {
            found = entries[position].resource
        } else if let known = Self.known(address) {
            guard types.contains(known.type) else {
                throw reference.error(.invalidValue, at: "reference", "a reference to another type was expected")
            }
            return .known(type: known.type, id: known.id)
        } else {
            throw reference.error(.danglingReference, at: "reference", "nothing in this message has that address")
        }
        guard types.contains(found.type) else {
            throw reference.error(.invalidValue, at: "reference", "a reference to another type was expected")
        }
        return .resource(found)
    }

    private func contained(_ id: String, in scope: JSONValue) throws(FormatError) -> FHIRResource? {
        for candidate in try scope.objects("contained") {
            if let own = candidate.member("id"), own.isText(id) { return try FHIRResource(candidate, in: scope) }
        }
        return nil
    }

    /// `Organization/SITE` of the directory and what `FHIRID` derives from cases need not be in the message.
    private static func known(_ address: String) -> (type: String, id: String)? {
        if address.hasPrefix("Organization/"), let site = SiteID(address.dropFirst(13)) {
            return ("Organization", site.description)
        }
        return FHIRID(reference: address).map { ($0.type, $0.id) }
    }
}
