import ConsiliumCore

/// OBR and OBX of an ORU^R01 to a report: one OBX an element, by OBX-3.
struct ObservationReportReader {
    let message: ER7Message
    let codes: ProfileCodes
    var warnings: [HL7v2Warning] = []
    private var report = Report()

    init(_ message: ER7Message, _ codes: ProfileCodes) {
        self.message = message
        self.codes = codes
    }

    mutating func read(_ request: ER7Segment) throws(FormatError) -> Report {
        readExpert(request)
        for field in [22, 7] where report[.time] == nil {
            guard let text = request.text(field) else { continue }
            guard let time = HL7Time(text) else {
                throw FormatError(.invalidValue, at: request.path(field), "no real date or time")
            }
            report[.time] = time.dateTime
        }
        request.mark(7, 22)
        try readObservations()
        readNotes()
        if report[.institution] == nil { report[.institution] = message.msh.subcomponent(4, 1, 1) }
        return report
    }

    /// OBR-32 (NDL): `id&family&given`, point of care (4), facility (7). `id^family^given`, as many systems write it, is
    /// told apart by its second component being no time.
    private mutating func readExpert(_ request: ER7Segment) {
        guard request.isFilled(32) else { return }
        let second = request.peek(32, 2)
        if let second, HL7Time(second) == nil {
            report[.expertLicence] = request.text(32)
            report[.expert] = HL7v2Name.read(request, 32, offset: 1)?.name
            return
        }
        let parts = (1...3).map { request.subcomponent(32, 1, $0) }
        if parts[1] == nil, parts[2] == nil, let only = parts[0] {
            if only.utf8.allSatisfy({ $0 < 128 && !($0 >= 97 && $0 <= 122) && $0 != 32 }) {
                report[.expertLicence] = only
            } else {
                report[.expert] = only
            }
        } else {
            report[.expertLicence] = parts[0]
            let names = [parts[1], parts[2]].compactMap { $0 }
            let isChinese = names.contains(where: HL7v2Name.isIdeographic)
            report[.expert] = isChinese ? names.joined() : names.reversed().joined(separator: " ")
        }
        report[.department] = request.text(32, 4)
        report[.institution] = request.subcomponent(32, 7, 1)
    }

    private mutating func readObservations() throws(FormatError) {
        var loose: [(segment: ER7Segment, text: String)] = []
        for segment in message.all("OBX") {
            let kind = segment.text(2)?.uppercased()
            if kind == "ED" {
                segment.mark(1, 4, 11)
                if let document = try EncapsulatedData.read(segment) { report.attachments.append(document) }
                continue
            }
            let code = [segment.peek(3), segment.peek(3, 2)].compactMap { $0 }.lazy.compactMap(ReportCodes.part).first
            guard let part = code else {
                if ["TX", "FT", "ST", nil].contains(kind), let text = segment.peek(5) { loose.append((segment, text)) }
                continue
            }
            segment.mark(1, 3, 4, 11, 14, 16)
            try take(part, segment)
        }
        // A report that is one uncoded text, as laboratory systems send it, is the opinion.
        if report[.opinion] == nil, !loose.isEmpty {
            let lines = loose.compactMap { item -> String? in
                item.segment.mark(1, 3, 4, 11, 14, 16)
                return item.segment.prose(5)
            }
            report[.opinion] = lines.joined(separator: "\n")
        }
    }

    private mutating func take(_ part: ReportCodes.Part, _ segment: ER7Segment) throws(FormatError) {
        switch part {
        case .diagnosis:
            let name = segment.text(5, 2)
            let code = segment.text(5)
            segment.mark(5, component: 3)
            report[.diagnosisName] = name ?? code
            if let code, !HL7v2Name.isIdeographic(code), name != nil { report[.diagnosisCode] = code }
        case .element(.disposition):
            guard let text = segment.text(5) else { return }
            for component in [2, 3] { segment.mark(5, component: component) }
            guard let disposition = Disposition(rawValue: text.lowercased()) ?? CodeTables.dispositions[text] else {
                let known = Disposition.allCases.map(\.rawValue).joined(separator: ", ")
                throw FormatError(.unknownCode, at: segment.path(5), "one of \(known)")
            }
            report[.disposition] = disposition.rawValue
        case .element(.appropriateTier):
            guard let text = segment.text(5) else { return }
            for component in [2, 3] { segment.mark(5, component: component) }
            guard let tier = Tier(rawValue: text.lowercased()) else {
                let known = Tier.allCases.map(\.rawValue).joined(separator: ", ")
                throw FormatError(.unknownCode, at: segment.path(5), "one of \(known)")
            }
            report[.appropriateTier] = tier.rawValue
        case .element(.followUpDate):
            guard let text = segment.text(5) else { return }
            guard let time = HL7Time(text) else {
                throw FormatError(.invalidValue, at: segment.path(5), "no real date")
            }
            report[.followUpDate] = time.date
        case .element(let element):
            if report[element] == nil { report[element] = segment.prose(5) }
        }
    }

    /// NTE of type `REC` are recommendations; `SIG` repeats the signature; untyped text is the recommendation too, when
    /// there is no other.
    private mutating func readNotes() {
        var lines: [String] = []
        for segment in message.all("NTE") {
            switch segment.text(4)?.uppercased() {
            case "SIG": segment.mark(1, 2, 3)
            case "REC":
                segment.mark(1, 2)
                if let text = segment.prose(3) { lines.append(text) }
            case nil where report[.recommendation] == nil:
                segment.mark(1, 2)
                if let text = segment.prose(3) { lines.append(text) }
            default: continue
            }
        }
        if report[.recommendation] == nil, !lines.isEmpty {
            report[.recommendation] = lines.joined(separator: "\n")
        }
    }
}

/// OBX-3 of a report: the network's own codes (element names, coding system 99CON), and names that Chinese systems use.
enum ReportCodes {
    enum Part {
        case element(ReportElement)
        /// Code and name in one CWE.
        case diagnosis
    }

    static let diagnosis = "report.diagnosis"

    static func part(_ code: String) -> Part? {
        if code == diagnosis { return .diagnosis }
        if let element = ReportElement(rawValue: code) { return .element(element) }
        return aliases[code]
    }

    /// WS/T 500 data elements and headings.
    private static let aliases: [String: Part] = [
        "DE06.00.018.00": .element(.opinion), "会诊意见": .element(.opinion),
        "检查所见": .element(.findings), "诊断": .diagnosis, "会诊诊断": .diagnosis, "DE05.01.024.00": .diagnosis,
        "建议": .element(.recommendation), "处置": .element(.disposition), "随访日期": .element(.followUpDate),
    ]

    /// For people, in OBX-3.2.
    static func heading(_ element: ReportElement) -> String {
        switch element {
        case .opinion: "会诊意见"
        case .findings: "检查所见"
        case .diagnosisName, .diagnosisCode: "会诊诊断"
        case .recommendation: "建议"
        case .disposition: "处置"
        case .appropriateTier: "适宜层级"
        case .followUpDate: "随访日期"
        case .time: "会诊时间"
        case .expert: "会诊医师"
        case .expertLicence: "执业证号"
        case .department: "会诊科室"
        case .institution: "会诊机构"
        }
    }
}
