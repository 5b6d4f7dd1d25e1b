import ConsiliumCore

/// A message that the hub sends: final bytes in the receiver's character set, without MLLP framing.
package struct HL7v2Outbound: Sendable {
    package var bytes: [UInt8]
    /// MSH-10; the peer's MSA-2 must repeat it.
    package var controlID: String
    package var warnings: [HL7v2Warning]
}

/// What an RRI^I12 tells the requester.
package enum HL7v2News: Sendable, Equatable {
    case accepted
    /// The last invited site declined; a text for people.
    case declined(reason: String)
    case closed(reason: String)

    /// RF1-1, HL7 table 0283.
    var status: (code: String, name: String) {
        switch self {
        case .accepted, .closed: ("A", "Accepted")
        case .declined: ("R", "Rejected")
        }
    }
}

/// What all messages of the hub to one site have in common: address, version, character set, zone.
struct OutboundFrame {
    /// MSH-3 of everything that the hub sends.
    static let application = "CONSILIUM"

    let site: Site
    /// MSH-4: the hub's name in the network.
    let facility: String
    let controlID: String
    let time: Instant
    let charset: Charset
    var writer: ER7Writer

    init(to site: Site, from facility: String, controlID: String, at time: Instant) {
        self.site = site
        self.facility = facility
        self.controlID = controlID
        self.time = time
        charset = Charset(label: site.profile.charset) ?? .utf8
        writer = ER7Writer(.standard, charset)
    }

    /// The receiver's version knows CWE (2.5 and later); before that the type was CE.
    var codedType: String { ["2.1", "2.2", "2.3", "2.3.1", "2.4"].contains(site.profile.version) ? "CE" : "CWE" }

    func timestamp(_ instant: Instant) -> String {
        HL7Time.text(instant, offsetMinutes: site.calendar.offsetMinutes)
    }

    mutating func header(_ type: String, _ event: String, structure: String) {
        var msh = ER7Fields("MSH")
        msh[3] = .text(Self.application)
        msh[4] = .text(facility)
        msh[5] = .text(site.profile.application)
        msh[6] = .text(site.profile.facility.isEmpty ? site.id.description : site.profile.facility)
        msh[7] = .text(timestamp(time))
        msh[9] = .components([type, event, structure])
        msh[10] = .text(controlID)
        msh[11] = .text("P")
        msh[12] = .text(site.profile.version)
        msh[18] = .text(charset.hl7Name)
        writer.append(msh)
    }

    consuming func finish() -> HL7v2Outbound {
        let number = controlID
        let (bytes, escaped) = writer.finish()
        let warnings = escaped > 0 ? [HL7v2Warning(.characterEscaped, at: "MSH-18")] : []
        return HL7v2Outbound(bytes: bytes, controlID: number, warnings: warnings)
    }

    /// PID from an application. Numbers that mean something only within the requesting site carry an authority: for that
    /// site's own system its name there (MSH-3 of its messages), for others the site.
    mutating func patient(_ application: Application, of requester: Site) {
        let own = site.id == requester.id ? requester.profile.application : ""
        let names = [own, requester.profile.facility, requester.id.description]
        let authority = names.first { !$0.isEmpty } ?? ""
        var identifiers: [[String]] = []
        if let number = application[.medicalRecordNumber] { identifiers.append([number, "", "", authority, "MR"]) }
        if let number = application[.citizenID] { identifiers.append([number, "", "", "", "NI"]) }
        if let number = application[.otherIdentifier] { identifiers.append([number, "", "", authority, "U"]) }
        var pid = ER7Fields("PID")
        pid[1] = .text("1")
        pid[3] = .repetitions(identifiers)
        pid.set(5, application[.patientName])
        pid.set(7, application[.patientBirthDate].flatMap { HL7Time.text(element: $0) })
        pid.set(8, application[.patientSex].flatMap(Sex.init(rawValue:)).map(Self.sex))
        pid.set(11, application[.patientAddress])
        pid.set(13, application[.patientTelephone])
        writer.append(pid)
    }

    /// HL7 table 0001.
    private static func sex(_ sex: Sex) -> String {
        switch sex {
        case .male: "M"
        case .female: "F"
        case .unknown: "U"
        case .notStated: "O"
        }
    }

    /// NTE: a text and, in NTE-4, what kind of text.
    mutating func note(_ number: Int, _ text: String, _ type: String?) {
        var nte = ER7Fields("NTE")
        nte[1] = .text(String(number))
        nte[2] = .text("P")
        nte[3] = .text(text)
        nte.set(4, type)
        writer.append(nte)
    }

    /// OBX. `code` and `heading` stand under the network's own coding system.
    mutating func observation(
        _ number: Int,
        _ type: String,
        _ code: String,
        _ heading: String,
        _ value: ER7Value,
        status: String = "F"
    ) {
        var obx = ER7Fields("OBX")
        obx[1] = .text(String(number))
        obx[2] = .text(type)
        obx[3] = .components([code, heading, ReferralReader.ownSystem])
        obx[5] = value
        obx[11] = .text(status)
        writer.append(obx)
    }

    /// OBX of type ED.
    mutating func document(_ number: Int, _ attachment: Attachment) {
        let parts = attachment.contentType.split(separator: "/", maxSplits: 1).map(String.init)
        var base64: [UInt8] = []
        Base64.encode(attachment.bytes, into: &base64)
        let value = ER7Value.document(
            type: parts.first ?? "application",
            subtype: parts.count > 1 ? parts[1] : "octet-stream",
            base64: base64
        )
        observation(number, "ED", "attachment", attachment.title, value)
    }
}
