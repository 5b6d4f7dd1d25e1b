import ConsiliumAdapters
import Foundation

/// Messages and bundles of our own writing.
enum Messages {
    /// An application that a test sends, in whatever format.
    struct Request: Sendable {
        var number: String
        var control: String
        var name = "張珅"
        var record = "LX000123"
        var identity = "421125195811030019"
        var department = "0304"
        var priority = "普通"
        var summary = "活动后胸闷两周，長期高血压，珅字应原样返回。"
        var purpose = "是否需要冠脉造影。"
        var consent: String? = "TY-2026-0031"
        var time = "20260302101500"
        var facility = "TOWN"

        init(_ number: String, control: String? = nil) {
            self.number = number
            self.control = control ?? "C-\(number)"
        }
    }

    private static let departments = ["0304": "心血管内科", "0301": "呼吸内科", "0402": "神经外科"]

    /// REF^I12 as text, segments ended by CR.
    static func referral(_ request: Request, charset: String = "GB 18030-2000") -> String {
        let r = request
        let department = "\(r.department)^\(departments[r.department] ?? "")^CT08.00.002"
        var segments = [
            #"MSH|^~\&|LXHIS|\#(r.facility)|CONSILIUM|HUB|\#(r.time)||REF^I12^REF_I12|\#(r.control)|P|2.5.1||||||\#(charset)"#,
            "RF1|P|\(r.priority)|\(department)|SO||\(r.number)|||20260302|I20.0^不稳定型心绞痛^I10",
            "PRD|RP|王^秀兰||全科门诊^^^\(r.facility)|0713-5550101||142421125000123",
            "PID|1||\(r.record)^^^LXHIS^MR~\(r.identity)^^^CN^NI||\(r.name)||19581103|男|||柳溪镇东街9号||0713-5550123",
            "DG1|1||I20.0^不稳定型心绞痛^I10",
            "NTE|1||\(r.summary)|SUM",
            "NTE|2||\(r.purpose)|PUR",
        ]
        if let consent = r.consent { segments.append("ZCN|书面|\(consent)|20260302|王秀兰") }
        return segments.joined(separator: "\r") + "\r"
    }

    static func gb18030(_ text: String) throws -> [UInt8] {
        guard let bytes = Charset.gb18030.bytes(of: text) else { throw Broken("not GB18030: \(text)") }
        return bytes
    }

    static func text(gb18030 bytes: [UInt8]) throws -> String {
        guard let utf8 = Charset.gb18030.utf8(of: bytes) else { throw Broken("not GB18030") }
        return String(decoding: utf8, as: UTF8.self)
    }

    /// The same application as a FHIR transaction.
    static func bundle(_ request: Request, organization: String? = nil) -> String {
        let r = request
        let patient = "urn:uuid:00000000-0000-4000-8000-000000000001"
        let condition = "urn:uuid:00000000-0000-4000-8000-000000000002"
        let q = JSON.quoted
        let consent = r.consent.map { reference in
            """
            ,{"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000004","resource":{"resourceType":"Consent",
              "identifier":[{"system":"urn:consilium:consent-reference","value":\(q(reference))}],"status":"active",
              "scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"coding":[{"code":"59284-0"}]}],
              "patient":{"reference":"\(patient)"},"dateTime":"2026-03-02",
              "performer":[{"display":"王秀兰"}],
              "policyRule":{"coding":[{"system":"urn:consilium:consent-basis","code":"written"}]}},
              "request":{"method":"POST","url":"Consent"}}
            """
        }
        return """
            {"resourceType":"Bundle","type":"transaction",
             "identifier":{"system":"urn:system-test","value":\(q(r.control))},
             "entry":[
              {"fullUrl":"\(patient)","resource":{"resourceType":"Patient","identifier":[
                {"type":{"coding":[{"code":"MR"}]},"value":\(q(r.record))},
                {"system":"urn:oid:2.16.156.10011.1.3","value":\(q(r.identity))}],
                "name":[{"text":\(q(r.name))}],"gender":"male","birthDate":"1958-11-03"},
                "request":{"method":"POST","url":"Patient"}},
              {"fullUrl":"\(condition)","resource":{"resourceType":"Condition","subject":{"reference":"\(patient)"},
                "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"I20.0","display":"不稳定型心绞痛"}]}},
                "request":{"method":"POST","url":"Condition"}},
              {"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000003","resource":{"resourceType":"ServiceRequest",
                "contained":[{"resourceType":"Practitioner","id":"doctor",
                  "identifier":[{"system":"urn:oid:2.16.156.10011.1.4","value":"142421125000123"}],
                  "name":[{"text":"王秀兰"}]},
                 {"resourceType":"PractitionerRole","id":"role","practitioner":{"reference":"#doctor"},
                  "organization":{"reference":"Organization/\(organization ?? r.facility)"},
                  "specialty":[{"text":"全科门诊"}]}],
                "extension":[{"url":"urn:consilium:summary","valueString":\(q(r.summary))},
                 {"url":"urn:consilium:purpose","valueString":\(q(r.purpose))}],
                "identifier":[{"type":{"coding":[{"code":"PLAC"}]},"value":\(q(r.number))}],
                "status":"active","intent":"order","priority":"routine","subject":{"reference":"\(patient)"},
                "authoredOn":"2026-03-02","requester":{"reference":"#role"},
                "performerType":{"coding":[{"system":"urn:consilium:department","code":"\(r.department)"}]},
                "reasonCode":[{"text":"不稳定型心绞痛"}],"reasonReference":[{"reference":"\(condition)"}]},
                "request":{"method":"POST","url":"ServiceRequest"}}
              \(consent ?? "")
             ]}
            """
    }

    /// The report of an accepted and started offer, as a FHIR transaction that a site's system signs.
    static func report(
        _ task: JSON,
        of caseID: String,
        caseVersion: String,
        opinion: String,
        doctor: String = "顾怀瑾",
        licence: String = "111010500010066",
        site: String = "NATIONAL"
    ) -> String {
        let q = JSON.quoted
        let id = task["id"].string ?? ""
        let who = #""display":\#(q(doctor)),"identifier":{"system":"urn:oid:2.16.156.10011.1.4","value":"\#(licence)"}"#
        return """
            {"resourceType":"Bundle","type":"transaction","entry":[
              {"fullUrl":"Task/\(id)","resource":\(task.with("status", .string("completed")).text),
               "request":{"method":"PUT","url":"Task/\(id)","ifMatch":"W/\\"\(task["meta"]["versionId"].string ?? "")\\""}},
              {"fullUrl":"urn:uuid:report","resource":{"resourceType":"DiagnosticReport","status":"final",
                "basedOn":[{"reference":"ServiceRequest/\(caseID)"}],
                "code":{"coding":[{"system":"http://loinc.org","code":"11488-4"}],"text":"会诊意见"},
                "issued":"2026-03-02T15:00:00+08:00","conclusion":\(q(opinion)),
                "extension":[{"url":"urn:consilium:disposition","valueCode":"follow-up"}],
                "resultsInterpreter":[{\(who)}],"performer":[{"reference":"Organization/\(site)"}]},
               "request":{"method":"POST","url":"DiagnosticReport"}},
              {"fullUrl":"urn:uuid:provenance","resource":{"resourceType":"Provenance",
                "target":[{"reference":"urn:uuid:report"}],"recorded":"2026-03-02T15:00:00+08:00",
                "agent":[{"who":{"reference":"Organization/\(site)"}}],
                "entity":[{"role":"source","what":{"reference":"ServiceRequest/\(caseID)/_history/\(caseVersion)"}}],
                "signature":[{"extension":[{"url":"urn:consilium:signature-kind","valueCode":"site"}],
                  "type":[{"system":"urn:iso-astm:E1762-95:2013","code":"1.2.840.10065.1.12.1.1"}],
                  "when":"2026-03-02T15:00:00+08:00","who":{\(who)}}]},
               "request":{"method":"POST","url":"Provenance"}}]}
            """
    }

    static func acknowledgement(of control: String, code: String = "AA") -> [UInt8] {
        Array(
            "MSH|^~\\&|LXHIS|TOWN|CONSILIUM|HUB|20260302150001||ACK|A-\(control)|P|2.5.1\rMSA|\(code)|\(control)\r".utf8
        )
    }
}
