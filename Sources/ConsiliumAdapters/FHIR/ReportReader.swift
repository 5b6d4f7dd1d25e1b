import ConsiliumCore

/// Reads a signed report: DiagnosticReport and Provenance of one transaction.
struct ReportReader {
    let bundle: FHIRBundle
    let profile: ExchangeProfile

    func read() throws(FormatError) -> (Report, Signature) {
        let root = bundle.entries[0].value
        let reports = bundle.entries(of: "DiagnosticReport")
        guard let report = reports.first?.resource else {
            throw root.error(
                .missing,
                "a Task is completed in one transaction with its DiagnosticReport and Provenance"
            )
        }
        if reports.count > 1 { throw reports[1].value.error(.invalidValue, "two DiagnosticReports in one transaction") }
        let provenances = bundle.entries(of: "Provenance")
        guard let provenance = provenances.first?.resource else {
            throw root.error(.missing, "a report comes with the Provenance that signs it")
        }
        let content = try self.report(report)
        let signature = try signature(provenance, of: report, content)
        return (content, signature)
    }

    // MARK: DiagnosticReport

    private func report(_ resource: FHIRResource) throws(FormatError) -> Report {
        let value = resource.value
        try resource.open()
        let status = try value.requiredText("status")
        guard status == "final" else {
            throw value.error(.unsupportedEvent, at: "status", "only final reports are taken")
        }
        guard let code = value.member("code") else { throw value.error(.missing, at: "code", "mandatory and absent") }
        code.markAll()
        for name in ["category", "basedOn", "subject", "identifier"] as [StaticString] { value.member(name)?.markAll() }
        var report = Report()
        report[.opinion] = try value.text("conclusion")
        let conclusions = try value.objects("conclusionCode")
        if let first = conclusions.first {
            let (name, code) = try ApplicationReader.diagnosis(in: first)
            report[.diagnosisName] = name
            report[.diagnosisCode] = code
        }
        report[.findings] = try value.extensionText(FHIRExtension.findings)
        report[.recommendation] = try value.extensionText(FHIRExtension.recommendation)
        report[.disposition] = try coded(value, FHIRExtension.disposition, as: Disposition.self)?.rawValue
        report[.appropriateTier] = try coded(value, FHIRExtension.appropriateTier, as: Tier.self)?.rawValue
        if let date = try value.extensionText(FHIRExtension.followUpDate) {
            guard ApplicationFacts.isDate(date), date.utf8.count == 10 else {
                throw value.error(.invalidValue, at: "extension", "the follow-up date is not a day")
            }
            report[.followUpDate] = date
        }
        let issued = try value.date("issued")
        let effective = try value.date("effectiveDateTime")
        report[.time] = effective ?? issued
        try readAuthors(of: resource, into: &report)
        for form in try value.objects("presentedForm") {
            report.attachments.append(try AttachmentReader(bundle: bundle).read(form, description: "report"))
        }
        return report
    }

    private func coded<Value: RawRepresentable>(
        _ value: JSONValue,
        _ url: String,
        as type: Value.Type
    ) throws(FormatError) -> Value? where Value.RawValue == String {
        guard let text = try value.extensionText(url) else { return nil }
        guard let code = Value(rawValue: text) else {
            throw value.error(.unknownCode, at: "extension", "not a code of \(url)")
        }
        return code
    }

    /// The interpreting expert, and the performing organisation.
    private func readAuthors(of resource: FHIRResource, into report: inout Report) throws(FormatError) {
        let reader = ApplicationReader(bundle, profile: profile)
        for name in ["resultsInterpreter", "performer"] as [StaticString] {
            for reference in try resource.value.objects(name) {
                let person = try reader.person(at: reference, in: resource.scope)
                if report[.expert] == nil {
                    report[.expert] = person.name
                    report[.expertLicence] = person.licence
                }
                if report[.department] == nil {
                    report[.department] = person.department?.description ?? person.departmentText
                }
                if report[.institution] == nil { report[.institution] = person.institution }
            }
        }
    }

    // MARK: Provenance

    /// `Provenance.signature`: a detached JWS (`application/jose`) or a vouched kind; the signer is `who`, the version
    /// of the case that he or she saw is `entity.what` (`ServiceRequest/CASE/_history/n`).
    private func signature(
        _ resource: FHIRResource,
        of report: FHIRResource,
        _ content: Report
    ) throws(FormatError) -> Signature {
        let value = resource.value
        try resource.open()
        try checkTargets(of: resource, report)
        guard try value.date("recorded") != nil else {
            throw value.error(.missing, at: "recorded", "mandatory and absent")
        }
        guard let agent = value.member("agent") else {
            throw value.error(.missing, at: "agent", "mandatory and absent")
        }
        agent.markAll()
        guard let signature = try value.objects("signature").first else {
            throw value.error(.missing, at: "signature", "a report is signed")
        }
        signature.member("type")?.markAll()
        signature.member("when")?.markAll()
        signature.member("targetFormat")?.markAll()
        let format = try signature.text("sigFormat")
        let bytes = try signature.base64("data")
        let kind: SignatureKind
        if let stated = try signature.extensionText(FHIRExtension.signatureKind) {
            guard let known = SignatureKind(rawValue: stated) else {
                throw signature.error(.unknownCode, at: "extension", "not a kind of signature")
            }
            kind = known
        } else {
            kind = format == "application/jose" ? .operator : .page
        }
        guard kind != .operator || bytes != nil else {
            throw signature.error(.missing, at: "data", "a detached JWS")
        }
        guard let who = try signature.object("who") else {
            throw signature.error(.missing, at: "who", "mandatory and absent")
        }
        let signer = try ApplicationReader(bundle, profile: profile).person(at: who, in: resource.scope)
        return Signature(
            kind: kind,
            doctor: signer.name ?? content[.expert] ?? "",
            licence: signer.licence ?? content[.expertLicence] ?? "",
            jws: kind == .operator ? bytes.map { String(decoding: $0, as: UTF8.self) } : nil,
            caseVersion: try version(in: value)
        )
    }

    private func checkTargets(of resource: FHIRResource, _ report: FHIRResource) throws(FormatError) {
        let targets = try resource.value.objects("target")
        guard !targets.isEmpty else { throw resource.value.error(.missing, at: "target", "mandatory and absent") }
        for target in targets {
            if case .resource(let found) = try bundle.resolve(target, in: resource.scope, types: ["DiagnosticReport"]),
                found.value.node == report.value.node
            {
                return
            }
        }
        throw resource.value.error(.invalidValue, at: "target", "does not name the report of this transaction")
    }

    private func version(in value: JSONValue) throws(FormatError) -> Int {
        for entity in try value.objects("entity") {
            entity.member("role")?.markAll()
            guard let what = try entity.object("what"), let address = try what.text("reference") else { continue }
            let parts = address.split(separator: "/")
            if parts.count >= 2, parts[parts.count - 2] == "_history", let version = Int(parts[parts.count - 1]) {
                return version
            }
        }
        throw value.error(.missing, at: "entity", "the version of the ServiceRequest that the signer saw")
    }
}
