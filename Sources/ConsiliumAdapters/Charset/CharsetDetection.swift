/// Bytes brought to UTF-8, with the character set that did it and what was wrong with the label.
package struct DecodedText: Sendable {
    /// What decided.
    package enum Origin: String, Sendable {
        case byteOrderMark = "byte order mark"
        case label
        case siteDefault = "site default"
        case guess
    }

    package enum LabelProblem: String, Sendable {
        /// The table has no set of that name.
        case unknown
        /// The bytes are not in the set that the label names.
        case lied
    }

    /// The text in UTF-8, without byte order mark.
    package var utf8: [UInt8]
    package var charset: Charset
    package var origin: Origin
    package var labelProblem: LabelProblem?
}

/// Finds the character set of a message before anything splits it: the second byte of many Chinese characters is one
/// of HL7's delimiters (珅 `AB 7C`, 昞 `95 5C`, 診 `D4 5C`).
///
/// Order: byte order mark, the message's own label, the site's default, UTF-8, GB 18030; each must decode every byte.
/// Two labels are not taken at their word, because they decode almost anything: a Chinese label over bytes that are
/// valid UTF-8 with characters of three bytes only, and an 8859 label over bytes that are valid UTF-8 or, where the
/// site's profile names a multi-byte set, valid in that set.
package enum CharsetDetection {
    /// nil when no set of the order decodes the bytes.
    package static func decode(_ bytes: [UInt8], label: String?, siteDefault: Charset) -> DecodedText? {
        if let marked = byteOrderMark(of: bytes) { return decodeMarked(bytes, marked, label) }
        let labelled = label.flatMap { Charset(label: $0) }
        let problem: DecodedText.LabelProblem? = label != nil && labelled == nil ? .unknown : nil
        let content = UTF8Content(bytes)
        let stated = labelled ?? siteDefault
        if content.isASCII, stated.containsASCII, !(stated.shifts && content.hasEscape) {
            // Pure ASCII means the same in every set that contains it.
            let origin: DecodedText.Origin = labelled == nil ? .siteDefault : .label
            return DecodedText(utf8: bytes, charset: stated, origin: origin, labelProblem: problem)
        }
        var candidates: [(Charset, DecodedText.Origin)] = []
        if let labelled {
            let doubted = doubts(labelled, content: content)
            if !doubted { candidates.append((labelled, .label)) }
            if doubted, content.isValid { candidates.append((.utf8, .guess)) }
            if labelled.family == .singleByte, !content.isValid, siteDefault.family == .chinese {
                candidates.insert((siteDefault, .siteDefault), at: 0)
            }
        }
        candidates += [(siteDefault, .siteDefault), (.utf8, .guess), (.gb18030, .guess)]
        for (charset, origin) in candidates {
            let utf8 = charset == .utf8 ? (content.isValid ? bytes : nil) : charset.utf8(of: bytes)
            guard let utf8 else { continue }
            let lied = labelled != nil && origin != .label && labelled != charset
            return DecodedText(utf8: utf8, charset: charset, origin: origin, labelProblem: lied ? .lied : problem)
        }
        return nil
    }

    private static func doubts(_ label: Charset, content: UTF8Content) -> Bool {
        switch label.family {
        case .chinese: content.isValid && content.longCharacters >= 2 && content.twoByteCharacters == 0
        case .singleByte: content.isValid && !content.isASCII
        default: false
        }
    }

    private static func decodeMarked(_ bytes: [UInt8], _ marked: (Charset, Int), _ label: String?) -> DecodedText? {
        let (charset, length) = marked
        let body = Array(bytes.dropFirst(length))
        guard let utf8 = charset.utf8(of: body) else { return nil }
        let labelled = label.flatMap { Charset(label: $0) }
        let lied = labelled.map { $0.family != .unicode && $0.family != .ascii } ?? false
        return DecodedText(
            utf8: utf8,
            charset: charset,
            origin: .byteOrderMark,
            labelProblem: lied ? .lied : label != nil && labelled == nil ? .unknown : nil
        )
    }

    /// The set that a byte order mark names, or that `MSH` in two or four bytes a letter shows, and the mark's length.
    static func byteOrderMark(of bytes: [UInt8]) -> (Charset, Int)? {
        guard bytes.count >= 4 else { return nil }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0xEF, 0xBB, 0xBF, _): return (.utf8, 3)
        case (0xFF, 0xFE, 0, 0): return (.utf32LittleEndian, 4)
        case (0, 0, 0xFE, 0xFF): return (.utf32, 4)
        case (0x84, 0x31, 0x95, 0x33): return (.gb18030, 4)
        case (0xFF, 0xFE, _, _): return (.utf16LittleEndian, 2)
        case (0xFE, 0xFF, _, _): return (.utf16, 2)
        case (0x4D, 0, 0, 0): return (.utf32LittleEndian, 0)
        case (0, 0, 0, 0x4D): return (.utf32, 0)
        case (0x4D, 0, 0x53, 0): return (.utf16LittleEndian, 0)
        case (0, 0x4D, 0, 0x53): return (.utf16, 0)
        default: return nil
        }
    }
}
