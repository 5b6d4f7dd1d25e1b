import ConsiliumAdapters
import ConsiliumCore
import Foundation
import Testing

@testable import consilium

@Suite("Forms that people fill in")
struct FormTests {
    private static let filled = """
        patient:
          name: 张三
          sex: 男
          birthDate: 1962-03-05
          medicalRecordNumber: 00123
        request:
          number: QS-1
          priority: 加急
          wantedDepartment: 0304
          summary: |
            胸痛三天。
            心电图见 ST 段压低。
          reason: 胸痛: 原因待查 #3
        requester:
          doctor: 王秀兰
          departmentText: 内科
          institution: 东街卫生院
        consent:
          basis: 本人书面
          reference: TY-1
          scope: LJ-COUNTY，GZ-NATIONAL
        """

    @Test("An empty form has nothing wrong with it but what is missing", arguments: Language.allCases)
    func empty(language: Language) {
        for kind in [FormKind.application, FormKind.report] {
            let text = FormWriter.text(kind, language: language)
            let (form, problems) = FormReader.read(text, as: kind)
            #expect(form.entries.isEmpty)
            #expect(form.attachments.isEmpty)
            #expect(problems.allSatisfy { $0.code == .missing || $0.code == .missingIdentity })
            let mandatory = kind.fields.filter { $0.need == .mandatory }.map(\.name)
            #expect(Set(problems.filter { $0.code == .missing }.map(\.field)) == Set(mandatory))
        }
    }

    @Test("A form offers each element of the application once and nothing else")
    func fields() {
        let names = FormKind.application.fields.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { Element(rawValue: $0) != nil })
        #expect(FormKind.report.fields.allSatisfy { ReportElement(rawValue: $0.name) != nil })
        // A form is never marked missing consent: that is what is left when nobody fills it in.
        #expect(!names.contains(Element.consentState.rawValue))
    }

    @Test("What the network counts as missing is marked in the form")
    func marks() {
        for element in ApplicationFacts.mandatory {
            #expect(FormKind.application.field(element.rawValue)?.need != .optional, "\(element)")
        }
        for element in ReportFacts.mandatory where element != .time {
            #expect(FormKind.report.field(element.rawValue)?.need != .optional, "\(element)")
        }
    }

    @Test("The choices of a form are the codes of the domain")
    func choices() {
        func codes(_ kind: FormKind, _ name: String) -> [String] { kind.field(name)?.choices?.map(\.code) ?? [] }
        #expect(codes(.application, Element.priority.rawValue) == Priority.allCases.map(\.rawValue))
        #expect(codes(.report, ReportElement.disposition.rawValue) == Disposition.allCases.map(\.rawValue))
        #expect(codes(.report, ReportElement.appropriateTier.rawValue) == Tier.allCases.map(\.rawValue))
        #expect(codes(.application, Element.patientSex.rawValue).allSatisfy { Sex(rawValue: $0) != nil })
        #expect(codes(.application, Element.serviceKind.rawValue).allSatisfy { ServiceKind(rawValue: $0) != nil })
        #expect(codes(.application, Element.consentBasis.rawValue).allSatisfy { ConsentBasis(rawValue: $0) != nil })
    }

    @Test("Values keep their digits, and words become codes")
    func reading() {
        let (form, problems) = FormReader.read(Self.filled, as: .application)
        #expect(problems.isEmpty)
        #expect(form["patient.sex"] == "1")
        #expect(form["patient.medicalRecordNumber"] == "00123")
        #expect(form["patient.birthDate"] == "1962-03-05")
        #expect(form["request.priority"] == "asap")
        #expect(form["request.wantedDepartment"] == "0304")
        #expect(form["request.summary"] == "胸痛三天。\n心电图见 ST 段压低。")
        #expect(form["request.reason"] == "胸痛: 原因待查 #3")
        #expect(form["consent.basis"] == "written")
        #expect(form["consent.scope"] == "LJ-COUNTY,GZ-NATIONAL")
    }

    @Test("Everything that is wrong is said at once, with its line")
    func problems() {
        let text = Self.filled.replacing("加急", with: "马上").replacing("1962-03-05", with: "1962-13-05")
            .replacing("wantedDepartment: 0304", with: "wantedDepartment: 9999\n  colour: blue")
            .replacing("  number: QS-1\n", with: "  number:\n")
        let (_, problems) = FormReader.read(text, as: .application)
        #expect(
            problems.map { "\($0.line) \($0.field) \($0.code.rawValue)" } == [
                "0 request.number missing", "4 patient.birthDate invalid-value", "8 request.priority unknown-code",
                "9 request.wantedDepartment unknown-code", "10 request.colour unknown-field",
            ]
        )
        let item = problems[1].item(in: "form.yaml", language: .zh)
        #expect(item.place == "form.yaml:4 patient.birthDate")
    }

    @Test("A patient without name and identifier is no patient")
    func identity() {
        let text = Self.filled.replacing("  name: 张三\n", with: "").replacing("  medicalRecordNumber: 00123\n", with: "")
        let (_, problems) = FormReader.read(text, as: .application)
        #expect(problems.map(\.code) == [.missingIdentity])
    }

    @Test("Text that is no YAML, or no form, is refused with its line")
    func unreadable() {
        #expect(FormReader.read("patient:\n\tname: x", as: .application).problems.first?.code == .unreadable)
        #expect(FormReader.read("hello", as: .application).problems.map(\.code) == [.unreadable])
        #expect(FormReader.read("", as: .application).problems.map(\.code) == [.unreadable])
        let twice = FormReader.read("patient:\n  name: a\n  name: b\n", as: .application).problems
        #expect(twice.map(\.code) == [.duplicate])
        let nested = FormReader.read("patient:\n  name:\n    first: a\n", as: .application).problems
        #expect(nested.contains { $0.code == .invalidValue && $0.line == 2 })
    }

    @Test("A value on one line is text, whatever signs it holds")
    func forgiving() {
        func reason(_ written: String) -> String? {
            let text = Self.filled.replacing("胸痛: 原因待查 #3", with: written)
            return FormReader.read(text, as: .application).form["request.reason"]
        }
        #expect(reason("- 胸痛") == "- 胸痛")
        #expect(reason("50% 以上狭窄? yes: no") == "50% 以上狭窄? yes: no")
        #expect(reason("\"引号内\"") == "引号内")
        #expect(reason("| 写在竖线后面") == "写在竖线后面")
        #expect(reason("C:\\temp \"x\"") == "C:\\temp \"x\"")
        #expect(reason("~") == nil)
    }

    @Test("What was filled in is written so that it reads back the same")
    func roundTrip() {
        let values = ["request.number": "A\"1\\", "request.summary": "一\n二: 三", "requester.institution": "东街 #2"]
        let text = FormWriter.text(.application, values: values, language: .zh)
        let (form, _) = FormReader.read(text, as: .application)
        for (name, value) in values { #expect(form[name] == value) }
    }

    @Test("Attachments are a list of paths, or one path")
    func attachments() {
        #expect(
            FormReader.read("attachments:\n  - a.pdf\n  - b 2.png\n", as: .report).form.attachments == [
                "a.pdf", "b 2.png",
            ]
        )
        #expect(FormReader.read("attachments: a.pdf\n", as: .report).form.attachments == ["a.pdf"])
        #expect(FormReader.read("attachments: []\n", as: .report).form.attachments.isEmpty)
        #expect(AttachmentFile.mediaType("心电图.PDF") == "application/pdf")
        #expect(AttachmentFile.mediaType("scan") == "application/octet-stream")
    }

    @Test("A form becomes a bundle that the hub reads as the same application")
    func bundle() throws {
        let (form, _) = FormReader.read(Self.filled, as: .application)
        let page = Attachment(title: "页.pdf", contentType: "application/pdf", bytes: Array("%PDF-".utf8))
        let application = FormContent.application(form, attachments: [page])
        let site = try #require(SiteID("QS-TOWN"))
        let id = FormContent.messageID(application)
        let bytes = FHIRAdapter.encodeBundle(application, site: site, messageID: id)
        let read = try FHIRAdapter.decodeBundle(bytes, profile: ExchangeProfile(format: .fhir))
        guard case .application(let copy) = read.submission.intent else {
            Issue.record("no application")
            return
        }
        #expect(copy.elements == application.elements)
        #expect(copy.attachments == application.attachments)
        #expect(read.submission.messageID?.contains(id) == true)
    }

    @Test("The same form is the same message, another is not")
    func messageIdentity() {
        let (form, _) = FormReader.read(Self.filled, as: .application)
        let (other, _) = FormReader.read(Self.filled.replacing("三天", with: "四天"), as: .application)
        let id = FormContent.messageID(FormContent.application(form, attachments: []))
        #expect(id == FormContent.messageID(FormContent.application(form, attachments: [])))
        #expect(id != FormContent.messageID(FormContent.application(other, attachments: [])))
    }

    private static func department(_ written: String) -> (form: FilledForm, problems: [FormReader.Problem]) {
        FormReader.read(
            filled.replacing("wantedDepartment: 0304", with: "wantedDepartment: \(written)"),
            as: .application
        )
    }

    @Test("A department is known by its digits, its dotted code, its name, or code and name together")
    func departments() {
        for written in ["0304", "03.04", "A03.04", "0304 心血管内科专业", "A03.04 心血管内科专业", "心血管内科专业"] {
            #expect(Self.department(written).form["request.wantedDepartment"] == "0304", "\(written)")
            #expect(Self.department(written).problems.isEmpty, "\(written)")
        }
        #expect(Self.department("A03").form["request.wantedDepartment"] == "03")
    }

    @Test(
        "A misspelt department is never taken by its first digits",
        arguments: [
            "0301x", "0301消化", "0301 消化内科专业", "0301-0302", "0301 0302", "0301,0302", "0301 呼吸内科专业 等", "030", "03.1",
            "AA03.01", "0.3.0.1", "消化", "呼吸内科专业 0301",
        ]
    )
    func misspeltDepartments(written: String) throws {
        let (form, problems) = Self.department(written)
        #expect(form["request.wantedDepartment"] == nil)
        let problem = try #require(problems.first)
        #expect(problems.count == 1)
        #expect(problem.code == .unknownCode)
        for language in Language.allCases {
            let item = problem.item(in: "form.yaml", language: language)
            #expect(item.place == "form.yaml:9 request.wantedDepartment")
            #expect(item.next?.contains("consilium departments") == true)
        }
    }

    @Test("A name that several departments bear needs the code")
    func ambiguousDepartment() {
        let (form, problems) = Self.department("其他")
        #expect(form["request.wantedDepartment"] == nil)
        #expect(problems.first?.sentence.zh.contains("5018") == true)
        #expect(Self.department("5018 其他").form["request.wantedDepartment"] == "5018")
    }

    private func wrong(_ line: String, in context: FormReader.Context) -> FormReader.Problem? {
        let section = line.hasPrefix("citizenID") ? "patient" : line.hasPrefix("wantedSite") ? "request" : "consent"
        let old = line.hasPrefix("scope") ? "  scope: LJ-COUNTY，GZ-NATIONAL" : "\(section):"
        let new = line.hasPrefix("scope") ? "  " + line : "\(section):\n  " + line
        let problems = FormReader.read(Self.filled.replacing(old, with: new), as: .application, in: context).problems
        return problems.first { $0.field == "\(section).\(line.prefix { $0 != ":" })" }
    }

    @Test(
        "A citizen identity number has 18 characters, a birth date and the right check digit",
        arguments: ["110101196102030012", "11010119610203001", "110101611302001", "110101196113030011", "护照E1234567"]
    )
    func citizenIDs(written: String) throws {
        let context = FormReader.Context()
        let problem = try #require(wrong("citizenID: \(written)", in: context))
        #expect(problem.code == .invalidValue)
        for language in Language.allCases {
            let item = problem.item(in: "f", language: language)
            #expect(item.place == "f:2 patient.citizenID")
            #expect(item.sentence.contains("18"))
            #expect(item.next?.isEmpty == false)
        }
        // GB 11643-1999, its own examples.
        for right in ["11010519491231002X", "440524188001010014", "11010519491231002x"] {
            #expect(wrong("citizenID: \(right)", in: context) == nil, "\(right)")
        }
        #expect(CitizenID.normalised("11010519491231002x") == "11010519491231002X")
    }

    @Test("Consent is not given tomorrow")
    func consentDates() {
        let context = FormReader.Context(today: "2026-03-02")
        for future in ["2026-03-03", "2026-04", "2027"] {
            let problem = wrong("date: \(future)", in: context)
            #expect(problem?.code == .invalidValue, "\(future)")
            #expect(problem?.line == 19 && problem?.next != nil)
        }
        for past in ["2026-03-02", "2026-03-01", "2026-03", "2026"] {
            #expect(wrong("date: \(past)", in: context) == nil, "\(past)")
        }
    }

    @Test("Organisations that the directory does not have are named, and none is looked up without a directory")
    func organisations() throws {
        let county = Site(id: try #require(SiteID("LJ-COUNTY")), name: "县医院", tier: .county)
        let context = FormReader.Context(directory: Directory(sites: [county]))
        let scope = try #require(wrong("scope: LJ-COUNTY，XX-NOWHERE", in: context))
        #expect(scope.code == .unknownCode && scope.line == 21)
        #expect(scope.sentence.en.contains("XX-NOWHERE") && !scope.sentence.en.contains("LJ-COUNTY"))
        #expect(scope.next?.zh.contains("consilium sites list") == true)
        let wanted = try #require(wrong("wantedSite: XX-NOWHERE", in: context))
        #expect(wanted.code == .unknownCode && wanted.line == 7)
        for right in ["scope: any", "scope: LJ-COUNTY", "wantedSite: LJ-COUNTY"] {
            #expect(wrong(right, in: context) == nil, "\(right)")
        }
        #expect(wrong("wantedSite: XX-NOWHERE", in: FormReader.Context()) == nil)
    }

    @Test("An attachment of no bytes is an error of the form, with its line")
    func emptyAttachment() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.path + "/empty.pdf"))
        try Data("%PDF-".utf8).write(to: URL(fileURLWithPath: folder.path + "/page.pdf"))
        let site = try #require(SiteID("QS-TOWN"))
        let reader = OutgoingReader(site: site, directory: Directory(sites: []), language: .en)
        let text = Self.filled + "\nattachments:\n  - page.pdf\n  - empty.pdf\n"
        let failure = #expect(throws: Failure.self) {
            _ = try reader.read(Array(text.utf8), label: "f.yaml", folder: folder.path, attach: [])
        }
        #expect(failure?.status == .refused)
        #expect(failure?.items.map(\.place) == ["f.yaml:24 attachments"])
        #expect(failure?.items.first?.sentence.contains("empty.pdf") == true)
        #expect(failure?.items.first?.next?.isEmpty == false)
    }

    @Test("A preferred time gets this machine's offset from UTC")
    func preferredTime() throws {
        func read(_ written: String) -> String? {
            let text = Self.filled.replacing("  number: QS-1", with: "  number: QS-1\n  preferredTime: \(written)")
            return FormReader.read(text, as: .application).form["request.preferredTime"]
        }
        #expect(read("2026-03-01") == "2026-03-01")
        let time = try #require(read("2026-03-01 14:30"))
        #expect(Instant(iso8601: time) != nil)
        #expect(time.hasPrefix("2026-03-01T14:30:00"))
        #expect(read("tomorrow") == nil)
    }
}
