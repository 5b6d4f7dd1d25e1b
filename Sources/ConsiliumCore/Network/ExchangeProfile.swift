/// How a site speaks: its format, its character set and its own code tables. Data, never code.
package struct ExchangeProfile: Sendable, Equatable, Codable {
    package enum Format: String, Sendable, Codable {
        case hl7v2
        case fhir
        /// People with the `consilium` command only.
        case client
    }

    /// Where the hub can reach the site by MLLP over TLS; nil: the site pulls.
    package struct Endpoint: Sendable, Equatable, Codable {
        package var host: String
        package var port: Int
        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    package var format: Format
    /// A name of the charset table, e.g. `GB18030`; tried when MSH-18 is absent or wrong, used for what the hub sends.
    package var charset: String
    package var mllp: Endpoint?
    /// Local department code or name → digits of departments.tsv.
    package var departments: [String: String]
    /// Local priority code → `stat`, `asap`, `urgent`, `routine`; consulted before the network's own table.
    package var priorities: [String: String]
    package var defaultPriority: Priority
    /// Local sex code → GB/T 2261.1.
    package var sexes: [String: String]
    /// NTE-4 (comment type) → element name, e.g. `SUM` → `request.summary`.
    package var noteTypes: [String: String]
    /// Where the consent archive number stands when neither CON nor ZCN carries it, e.g. `ZPI-4` or `NTE:CON`.
    package var consentField: String?
    /// HL7 field → element name, for what a site puts in odd places, e.g. `PV1-19` → `patient.inpatientNumber`.
    package var fields: [String: String]
    /// Assigning authority or identifier type (PID-3.4, PID-3.5) → element name.
    package var identifierTypes: [String: String]
    /// MSH-3 and MSH-4 that the hub writes as the receiver of messages to this site.
    package var application: String
    package var facility: String
    /// MSH-12 for what the hub sends.
    package var version: String
    /// Names of the sender-repair switches that are on (ADAPTERS.md, "40 quirks"); all off by default.
    package var repairs: [String]

    package init(format: Format = .client, charset: String = "UTF-8") {
        self.format = format
        self.charset = charset
        departments = [:]
        priorities = [:]
        defaultPriority = .routine
        sexes = [:]
        noteTypes = [:]
        fields = [:]
        identifierTypes = [:]
        application = ""
        facility = ""
        version = "2.5.1"
        repairs = []
    }

    package init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        format = try c.decodeIfPresent(Format.self, forKey: .format) ?? format
        charset = try c.decodeIfPresent(String.self, forKey: .charset) ?? charset
        mllp = try c.decodeIfPresent(Endpoint.self, forKey: .mllp)
        departments = try c.decodeIfPresent([String: String].self, forKey: .departments) ?? [:]
        priorities = try c.decodeIfPresent([String: String].self, forKey: .priorities) ?? [:]
        defaultPriority = try c.decodeIfPresent(Priority.self, forKey: .defaultPriority) ?? .routine
        sexes = try c.decodeIfPresent([String: String].self, forKey: .sexes) ?? [:]
        noteTypes = try c.decodeIfPresent([String: String].self, forKey: .noteTypes) ?? [:]
        consentField = try c.decodeIfPresent(String.self, forKey: .consentField)
        fields = try c.decodeIfPresent([String: String].self, forKey: .fields) ?? [:]
        identifierTypes = try c.decodeIfPresent([String: String].self, forKey: .identifierTypes) ?? [:]
        application = try c.decodeIfPresent(String.self, forKey: .application) ?? ""
        facility = try c.decodeIfPresent(String.self, forKey: .facility) ?? ""
        version = try c.decodeIfPresent(String.self, forKey: .version) ?? version
        repairs = try c.decodeIfPresent([String].self, forKey: .repairs) ?? []
    }
}
