import ConsiliumAdapters
import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("The main job across the network")
    struct MainJob {
        @Test(
            "A township's GB18030 application is read as FHIR by a national site, and its report comes back in GB18030"
        )
        func roundTrip() async throws {
            try await HospitalNetwork.run { network in
                let town = try network[.townEngine]
                let national = try network[.nationalEngine]
                let request = Messages.Request("LX-1")
                let sent = try await town.mllp(Messages.gb18030(Messages.referral(request)))
                #expect(sent.acknowledgement.code == .applicationAccept)
                #expect(sent.acknowledgement.controlID == "C-LX-1")
                let reply = try Messages.text(gb18030: sent.bytes)
                let cases = try await network.cases(numbered: "LX-1")
                #expect(cases.count == 1)
                let caseID = try #require(cases.first)
                #expect(reply.contains(caseID))

                // The national site finds the offer and reads application and patient.
                let tasks = try await national.json("GET", "/fhir/Task?owner=me&status=requested")
                let offer = try #require(tasks["entry"].items.first)["resource"]
                #expect(offer["focus"]["reference"].string == "ServiceRequest/\(caseID)")
                let service = try await national.json("GET", "/fhir/ServiceRequest/\(caseID)")
                #expect(service["identifier"][0]["value"].string == "LX-1")
                #expect(service.text.contains("活动后胸闷两周，長期高血压，珅字应原样返回。"))
                let subject = try #require(service["subject"]["reference"].string)
                let patient = try await national.json("GET", "/fhir/\(subject)")
                #expect(patient.text.contains("張珅"))
                #expect(patient.text.contains("421125195811030019"))

                // Accept, start and report, each by FHIR with If-Match.
                let accepted = try await Acts.put(offer, status: "accepted", by: national)
                let started = try await Acts.put(accepted, status: "in-progress", by: national)
                let opinion = "同意目前处理，建议冠脉造影；珅、昞、\u{20087}等字应原样返回。"
                try await Acts.report(started, of: caseID, opinion: opinion, by: national)

                // The township pulls the answers in order and acknowledges each.
                var kinds: [String] = []
                var report = ""
                while let next = try await town.json("GET", "/exchange/deliveries")["deliveries"].items.first {
                    let id = try #require(next["id"].string)
                    let message = try await town.request("GET", "/exchange/deliveries/\(id)")
                    let again = try await town.request("GET", "/exchange/deliveries/\(id)")
                    #expect(message.body == again.body)
                    let kind = try #require(next["kind"].string)
                    kinds.append(kind)
                    if kind == "report" { report = try Messages.text(gb18030: message.body) }
                    let header = HL7v2Adapter.header(
                        of: message.body,
                        profile: .init(format: .hl7v2, charset: "GB18030")
                    )
                    #expect(header.charset == .gb18030)
                    let wrong = try await town.request(
                        "POST",
                        "/exchange/deliveries/\(id)/ack",
                        bytes: Messages.acknowledgement(of: "OTHER")
                    )
                    #expect(wrong.status == 412)
                    let settled = try await town.request(
                        "POST",
                        "/exchange/deliveries/\(id)/ack",
                        bytes: Messages.acknowledgement(of: header.controlID)
                    )
                    #expect(settled.status == 204, "\(settled.text)")
                }
                #expect(kinds.last == "report")
                #expect(report.hasPrefix("MSH|"))
                #expect(report.contains("ORU^R01"))
                #expect(report.contains(opinion))
                #expect(report.contains("張珅"))
                #expect(report.contains("LX-1"))

                // A person at the township closes the case; before that it is reported, not closed.
                let doctor = try network[.townDoctor]
                let shown = try await doctor.json("GET", "/network/cases/\(caseID)")
                #expect(shown["facts"]["phase"].string == "reported")
                let closed = try await doctor.json(
                    "POST",
                    "/network/cases/\(caseID)/acts",
                    #"{"act":"close","decision":"adopted","rating":5}"#
                )
                #expect(closed["phase"].string == "closed")

                // Both readings left a record that the requester can list.
                let accesses = try await eventually("access records", in: network.hub.changing) {
                    let list = try await doctor.json("GET", "/network/cases/\(caseID)/access")
                    return list.text.contains("NATIONAL/node/his") ? list : nil
                }
                #expect(accesses.items.contains { $0["site"].string == "NATIONAL" })
            }
        }
    }
}

/// Clinical acts of an answering site, in their FHIR form.
enum Acts {
    /// Updates an offer Task under its version, and gives it back as the hub has it now.
    @discardableResult
    static func put(_ task: JSON, status: String, by member: Member) async throws -> JSON {
        let id = task["id"].string ?? ""
        let version = task["meta"]["versionId"].string ?? ""
        return try await member.json(
            "PUT",
            "/fhir/Task/\(id)",
            task.with("status", .string(status)).text,
            headers: ["If-Match": "W/\"\(version)\""]
        )
    }

    static func report(_ task: JSON, of caseID: String, opinion: String, by member: Member) async throws {
        let service = try await member.json("GET", "/fhir/ServiceRequest/\(caseID)")
        let version = service["meta"]["versionId"].string ?? ""
        _ = try await member.json(
            "POST",
            "/fhir",
            Messages.report(task, of: caseID, caseVersion: version, opinion: opinion)
        )
    }
}
