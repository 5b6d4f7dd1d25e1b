import ConsiliumTransport
import Foundation
import Synchronization

/// A hub with five member hospitals, enrolled over the wire as real ones are.
final class HospitalNetwork {
    /// Principals that every test may use.
    enum Seat: String, CaseIterable {
        case administrator = "OFFICE/op/admin"
        case townEngine = "TOWN/node/his"
        case townDoctor = "TOWN/op/wang"
        case townAdministrator = "TOWN/op/boss"
        case countyEngine = "COUNTY/node/his"
        case cityEngine = "CITY/node/his"
        case nationalEngine = "NATIONAL/node/his"
        case nationalExpert = "NATIONAL/op/gu"
        case auditor = "OFFICE/op/auditor"

        var site: String { String(rawValue.prefix { $0 != "/" }) }

        var roles: [String] {
            switch self {
            case .administrator: []
            case .townAdministrator: ["site-administrator"]
            case .townEngine, .townDoctor: ["requester"]
            case .auditor: ["auditor"]
            case .nationalExpert: ["expert"]
            default: ["requester", "expert"]
            }
        }
    }

    let hub: HubProcess
    let root: NetworkCertificate
    private var members: [Seat: Member] = [:]
    private var extra: [Member] = []

    /// Runs `body` with a serving network; ends the hub and removes its home whatever happens.
    static func run(
        policy: String = Sites.shortPolicy,
        environment: [String: String] = [:],
        parent: String? = nil,
        _ body: (HospitalNetwork) async throws -> Void
    ) async throws {
        let hub = try await HubProcess(parent: parent)
        do {
            let network = try await HospitalNetwork(hub, policy: policy, environment: environment)
            do {
                try await body(network)
            } catch {
                await network.close()
                throw Broken("\(error)\nhub's log: \(hub.logText.suffix(1_500))")
            }
            await network.close()
        } catch {
            await hub.kill()
            hub.remove()
            throw error
        }
        await hub.kill()
        hub.remove()
    }

    init(_ hub: HubProcess, policy: String, environment: [String: String]) async throws {
        self.hub = hub
        let endpoints = try await hub.serve(environment: environment)
        let token = try Self.read(hub.token)
        root = try await HubClient.fetchRoot(
            host: "127.0.0.1",
            port: endpoints.console,
            fingerprint: token["f"].string ?? ""
        )
        let administrator = try await enrol(hub.token)
        members[.administrator] = administrator
        _ = try await administrator.json("PUT", "/network/sites", Sites.text)
        let current = try await administrator.json("GET", "/network")["policy"]
        _ = try await administrator.json("PUT", "/network/policy", Sites.merge(current, policy))
        let boss = try await enrol(invite(Seat.townAdministrator.rawValue, Seat.townAdministrator.roles))
        members[.townAdministrator] = boss
        for site in ["COUNTY", "CITY", "NATIONAL"] {
            extra.append(try await enrol(invite("\(site)/op/boss", ["site-administrator"])))
        }
        for seat in Seat.allCases where members[seat] == nil {
            let inviter = seat.site == "TOWN" ? boss : extra.first { $0.site == seat.site } ?? administrator
            members[seat] = try await enrol(invite(seat.rawValue, seat.roles, by: inviter))
        }
        for boss in extra where Sites.doctors[boss.site] != nil {
            _ = try await boss.json("PUT", "/network/doctors", Sites.doctors[boss.site])
        }
    }

    subscript(seat: Seat) -> Member {
        get throws {
            guard let member = members[seat] else { throw Broken("\(seat) is not enrolled") }
            return member
        }
    }

    /// A one-time token for a principal.
    func invite(_ principal: String, _ roles: [String], by inviter: Member? = nil) async throws -> String {
        let list = roles.map(JSON.quoted).joined(separator: ",")
        let body = "{\"principal\":\(JSON.quoted(principal)),\"roles\":[\(list)]}"
        let answer = try await (inviter ?? self[.administrator]).json("POST", "/network/invitations", body)
        guard let token = answer["token"].string else { throw Broken("no token for \(principal)") }
        return token
    }

    /// The site administrator of a site beside TOWN.
    func boss(_ site: String) throws -> Member {
        guard let boss = extra.first(where: { $0.site == site }) else { throw Broken("no administrator of \(site)") }
        return boss
    }

    /// What a token says.
    static func read(_ token: String) throws -> JSON {
        var base = token.dropFirst("consilium1.".count).replacing("-", with: "+").replacing("_", with: "/")
        while base.count % 4 != 0 { base += "=" }
        guard let data = Data(base64Encoded: String(base)) else { throw Broken("token \(token)") }
        return try JSON(Array(data))
    }

    /// Turns a token into a member: the key is made here, the certificate comes from the console listener.
    func enrol(_ token: String) async throws -> Member {
        guard let endpoints = hub.endpoints else { throw Broken("the hub does not serve") }
        let content = try Self.read(token)
        let key = PrincipalKey()
        let console = HubClient(
            host: "127.0.0.1",
            port: endpoints.console,
            tls: try ClientTLS(roots: [root], credentials: nil)
        )
        let principal = content["n"].string ?? ""
        let request = try key.certificateSigningRequest(commonName: principal)
        let body = "{\"secret\":\(JSON.quoted(content["s"].string ?? "")),\"csr\":\(JSON.quoted(request))}"
        let answer: HubResponse
        do {
            answer = try await console.request(
                "POST",
                "/enrol",
                headers: [HubHeader("Content-Type", "application/json")],
                body: Array(body.utf8)
            )
        } catch {
            await console.shutdown()
            throw error
        }
        await console.shutdown()
        guard answer.status == 201, let pem = try JSON(answer.body)["certificate"].string else {
            throw Broken("enrolment of \(principal): \(answer.status) \(answer.text)")
        }
        let credentials = try Credentials(chain: NetworkCertificate.chain(pem: pem), key: key)
        return try Member(principal, credentials, root: root, endpoints: endpoints)
    }

    /// Kills the hub as a power cut would, serves the same home again, and connects every member anew.
    func crash() async throws {
        await hub.kill()
        try await serveAgain()
    }

    func serveAgain(environment: [String: String] = [:]) async throws {
        let endpoints = try await hub.serve(environment: environment)
        for (seat, member) in members {
            await member.close()
            members[seat] = try member.again(endpoints)
        }
        for (index, member) in extra.enumerated() {
            await member.close()
            extra[index] = try member.again(endpoints)
        }
    }

    func close() async {
        for member in members.values { await member.close() }
        for member in extra { await member.close() }
    }

    // MARK: What the network knows

    /// Records in the journal.
    func records() async throws -> Int {
        try await self[.administrator].json("GET", "/network/journal/head")["records"].int ?? -1
    }

    /// The case of a request number, as its requester finds it.
    func cases(numbered number: String, for seat: Seat = .townEngine) async throws -> [String] {
        let found = try await self[seat].json("GET", "/fhir/ServiceRequest?identifier=\(number)")
        return found["entry"].items.compactMap { $0["resource"]["id"].string }
    }
}

/// The sites of the test network, written for it.
enum Sites {
    static let text = """
        [
          {"id": "TOWN", "name": "柳溪镇卫生院", "englishName": "Liuxi Township Health Centre", "grade": "1A",
           "tier": "primary", "region": "421125", "departments": {"02": 50}, "dutyTelephone": "0713-5550101",
           "mayAttest": true,
           "profile": {"format": "hl7v2", "charset": "GB18030", "application": "LXHIS", "facility": "TOWN",
             "priorities": {"普通": "routine", "特急": "stat"}}},
          {"id": "TOWN2", "name": "白沙镇卫生院", "tier": "primary", "region": "421125", "dutyTelephone": "0713-5550102",
           "profile": {"format": "hl7v2", "charset": "GB18030", "application": "BSHIS", "facility": "TOWN2"}},
          {"id": "TOWN3", "name": "黄坪镇卫生院", "tier": "primary", "region": "421125", "dutyTelephone": "0713-5550103",
           "profile": {"format": "hl7v2", "charset": "GB18030", "application": "HPHIS", "facility": "TOWN3"}},
          {"id": "COUNTY", "name": "松阳县人民医院", "grade": "2A", "tier": "county", "region": "421125",
           "departments": {"0301": 100000}, "dutyTelephone": "0713-5550200", "mayAttest": true,
           "profile": {"format": "hl7v2", "charset": "UTF-8", "application": "SYHIS", "facility": "COUNTY"}},
          {"id": "CITY", "name": "江洲市第一医院", "grade": "3A", "tier": "municipal", "region": "421100",
           "departments": {"0402": 100}, "dutyTelephone": "0713-5550300", "profile": {"format": "fhir"}},
          {"id": "NATIONAL", "name": "国立友谊医院", "grade": "3A", "tier": "national", "region": "110105",
           "departments": {"0304": 100000}, "dutyTelephone": "010-55501000", "mayAttest": true,
           "profile": {"format": "fhir"}}
        ]
        """

    static let doctors = [
        "NATIONAL": #"[{"name":"顾怀瑾","licence":"111010500010066","department":"0304","validFrom":"2020-01-01","#
            + #""validTo":"2035-12-31"}]"#
    ]

    private static func limits(_ lease: String) -> String {
        #"{"lease":"\#(lease)","accept":"1h","start":"1h","report":"2h","acknowledge":"2h"}"#
    }

    /// Wall-clock limits, so that a weekend changes nothing.
    static let shortPolicy =
        #"{"stat":\#(limits("30m")),"asap":\#(limits("30m")),"urgent":\#(limits("30m")),"#
        + #""routine":\#(limits("30m")),"isDemonstration":true}"#

    static func merge(_ policy: JSON, _ changes: String) throws -> String {
        guard case .object(let members) = try JSON(Array(changes.utf8)) else { return policy.text }
        return members.reduce(policy) { $0.with($1.key, $1.value) }.text
    }
}
