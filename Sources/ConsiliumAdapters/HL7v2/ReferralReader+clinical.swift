import ConsiliumCore

/// DG1, AL1, NTE and OBX: what is known of the patient, and the documents that travel along.
extension ReferralReader {
    mutating func readClinical() {
        readDiagnoses()
        var allergies: [String] = []
        for segment in message.all("AL1") {
            segment.mark(1, 2)
            guard let substance = codedText(segment, 3) else { continue }
            let detail = [codedText(segment, 4), segment.prose(5)].compactMap { $0 }.joined(separator: ", ")
            allergies.append(detail.isEmpty ? substance : "\(substance) (\(detail))")
        }
        fill(.allergies, allergies.isEmpty ? nil : allergies.joined(separator: "; "))
    }

    /// The first diagnosis, or the one that DG1-15 ranks first; the others as one line.
    private mutating func readDiagnoses() {
        let all = message.all("DG1")
        guard !all.isEmpty else { return }
        let main = all.firstIndex { $0.peek(15) == "1" } ?? 0
        var others: [String] = []
        for (index, segment) in all.enumerated() {
            segment.mark(1, 15)
            let (code, name) = diagnosis(segment)
            if index == main {
                fill(.diagnosisName, name ?? code)
                fill(.diagnosisCode, code)
            } else {
                let text = [code, name].compactMap { $0 }.joined(separator: " ")
                if !text.isEmpty { others.append(text) }
            }
        }
        fill(.otherDiagnoses, others.isEmpty ? nil : others.joined(separator: "; "))
    }

    /// DG1-3 (or its alternate code where that is the ICD-10 one), with DG1-4 as the name where DG1-3 has none.
    private func diagnosis(_ segment: ER7Segment) -> (code: String?, name: String?) {
        func isICD10(_ component: Int) -> Bool {
            segment.peek(3, component)
                .map {
                    $0.uppercased().hasPrefix("I10") || $0.uppercased().hasPrefix("ICD-10")
                        || $0.uppercased().hasPrefix("ICD10")
                } ?? false
        }
        let first = !isICD10(3) && isICD10(6) ? 4 : 1
        let isOther = segment.peek(3, first + 2) != nil && !isICD10(first + 2)
        let name = segment.text(3, first + 1) ?? segment.text(4)
        guard let code = segment.peek(3, first) else { return (nil, name) }
        if isOther { return (nil, name ?? segment.text(3, first)) }
        _ = segment.text(3, first)
        segment.mark(3, component: first + 2)
        if HL7v2Name.isIdeographic(code), name == nil { return (nil, code) }
        return (code, name)
    }

    // MARK: Notes

    /// NTE by its comment type (NTE-4): the site's map, then the network's. Without a type all of it is the summary; a
    /// type that nobody knows makes it a note.
    mutating func readNotes() {
        var texts: [Element: [String]] = [:]
        for segment in message.all("NTE") {
            let type = segment.text(4)
            if let type, let place = profile.consentField, place == "NTE:\(type)" { continue }
            segment.mark(1, 2, 4)
            guard let text = segment.prose(3) else { continue }
            let element: Element
            if let type {
                let known = codes.noteElement(type)
                if known == nil, warnings.count < 50 {
                    warnings.append(HL7v2Warning(.codeUnknown, at: segment.path(4)))
                }
                element = known ?? .note
            } else {
                element = .summary
            }
            texts[element, default: []].append(text)
        }
        for (element, lines) in texts { fill(element, lines.joined(separator: "\n")) }
    }

    // MARK: Observations

    /// OBX: text and figures become lines of `request.examinations`, encapsulated documents attachments.
    mutating func readObservations() throws(FormatError) {
        var lines: [String] = []
        for segment in message.all("OBX") {
            if segment.peek(3, 3) == Self.ownSystem, segment.peek(3).flatMap(Element.init(rawValue:)) != nil {
                continue
            }
            switch segment.text(2)?.uppercased() {
            case "ED": if let document = try EncapsulatedData.read(segment) { application.attachments.append(document) }
            case "RP": continue
            default: if let line = observationLine(segment) { lines.append(line) }
            }
            segment.mark(1, 4, 11)
        }
        fill(.examinations, lines.isEmpty ? nil : lines.joined(separator: "\n"))
    }

    /// `Oxygen saturation: 88 % [95-100] L`.
    private func observationLine(_ segment: ER7Segment) -> String? {
        let isCoded = ["CE", "CWE", "CNE"].contains(segment.peek(2) ?? "")
        guard let value = isCoded ? codedText(segment, 5) : segment.prose(5) else { return nil }
        let name = segment.text(3, 2) ?? segment.text(3)
        for component in [1, 3] { segment.mark(3, component: component) }
        let unit = segment.text(6)
        let range = segment.text(7).map { "[\($0)]" }
        let flag = codedText(segment, 8)
        let figure = [value, unit, range, flag].compactMap { $0 }.joined(separator: " ")
        return name.map { "\($0): \(figure)" } ?? figure
    }
}

/// OBX-5 of type ED: source, type, subtype, encoding, data.
enum EncapsulatedData {
    /// The document; nil when OBX-5 holds none.
    ///
    /// - Throws: `invalid-value` at OBX-5.5 for data that is not what OBX-5.4 says.
    static func read(_ segment: ER7Segment) throws(FormatError) -> Attachment? {
        guard let data = segment.bytes(5, 5) else { return nil }
        let type = segment.text(5, 2) ?? ""
        let subtype = segment.text(5, 3) ?? ""
        let bytes: [UInt8]?
        switch (segment.text(5, 4) ?? "Base64").uppercased() {
        case "BASE64": bytes = Base64.decode(data)
        case "HEX": bytes = hexadecimal(data)
        case "A": bytes = segment.text(5, 5).map { Array($0.utf8) }
        default: throw FormatError(.unknownCode, at: segment.path(5, 4), "encoding is Base64, Hex or A")
        }
        guard let bytes else {
            throw FormatError(
                .invalidValue,
                at: segment.path(5, 5),
                "the data is not in the encoding that OBX-5.4 says"
            )
        }
        _ = segment.text(5, 1)
        let title = segment.text(3, 2) ?? segment.text(3) ?? "document"
        for component in [1, 3] { segment.mark(3, component: component) }
        return Attachment(title: title, contentType: contentType(type, subtype), bytes: bytes)
    }

    /// `application/pdf` from `application^pdf`, `^PDF`, `PDF^`, `image^jpeg`.
    static func contentType(_ type: String, _ subtype: String) -> String {
        let type = type.lowercased()
        let subtype = subtype.lowercased()
        if type.contains("/") { return type }
        let known = [
            "pdf": "application/pdf", "jpeg": "image/jpeg", "jpg": "image/jpeg", "png": "image/png",
            "tiff": "image/tiff", "dicom": "application/dicom", "html": "text/html", "rtf": "application/rtf",
            "xml": "text/xml", "x-hl7-cda-level-one": "text/xml", "text": "text/plain", "plain": "text/plain",
        ]
        if ["application", "image", "text", "audio", "video", "multipart"].contains(type), !subtype.isEmpty {
            return type == "image" && subtype == "jpg" ? "image/jpeg" : "\(type)/\(subtype)"
        }
        return known[subtype] ?? known[type] ?? "application/octet-stream"
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        var index = digits.startIndex
        while index < digits.endIndex {
            let text = String(decoding: digits[index..<index + 2], as: UTF8.self)
            guard let byte = UInt8(text, radix: 16), !text.hasPrefix("+") else { return nil }
            bytes.append(byte)
            index += 2
        }
        return bytes
    }
}
