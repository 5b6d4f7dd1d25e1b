package import ConsiliumCore

/// Everything that can be done to an application before its turn at the ledger: facts, digests, seals.
/// Runs on any thread; the ledger's own thread only decides and writes.
package struct Intake: Sendable {
    /// Sources up to this size are rows of the command's own transaction; larger blobs are files, synced before it.
    package static let largestRow = 65_536

    package let keys: KeyRing
    package let masters: MasterKeys
    package let blobs: BlobStore

    package init(keys: KeyRing, masters: MasterKeys, blobs: BlobStore) {
        self.keys = keys
        self.masters = masters
        self.blobs = blobs
    }

    /// Prepares `application`, decoded from `source`, for the site that it is submitted for.
    ///
    /// - Throws: `Refusal` naming the element; `BlobError` or `KeyError` when the disk or the keys fail.
    package func prepare(
        _ application: Application,
        of submission: Submission,
        source: [UInt8],
        sourceType: String,
        from principal: Principal,
        for site: Site,
        through door: Door,
        at now: Instant,
        entropy: inout some Entropy
    ) throws -> PreparedSubmission {
        let digests = digests(of: application)
        let number = application[.requestNumber] ?? ""
        let identity = MessageIdentity(
            key: keys.messageKeys.digest(parts: [
                site.id.description, submission.statedSender, submission.messageID ?? hexadecimal(sha256(source)),
            ]),
            content: content(of: digests)
        )
        let facts = try ApplicationFacts(
            application,
            of: submission,
            requester: site,
            via: principal.site == site.id ? nil : principal.site,
            requestKey: requestKey(site: site.id, number: number),
            digests: digests,
            at: now
        )
        let candidate = entropy.identifier(at: now)
        let key = DataKey(entropy: &entropy)
        let wrapped = try masters.wrap(key, for: candidate, entropy: &entropy)
        let payload = Payload(application: application) { hexadecimal(sha256($0)) }
        let sealedPayload = try Sealer.seal(
            payload.canonical,
            key: key,
            context: SealContext(stream: candidate, version: 1, part: "payload"),
            entropy: &entropy
        )
        let parts = try seal(
            application.attachments,
            prefix: "application",
            source: source,
            sequence: 1,
            of: candidate,
            key: key,
            entropy: &entropy
        )
        let blind = keys.blindIndex(site: site.id.description)
        return PreparedSubmission(
            principal: principal,
            stated: principal.site == site.id ? nil : site.id,
            facts: facts,
            application: application,
            identity: identity,
            door: door,
            candidate: candidate,
            wrapped: wrapped,
            sealedPayload: sealedPayload,
            payloadDigest: sha256(sealedPayload),
            blobs: parts,
            blindIndex: Element.identifiers.compactMap { application[$0] }.map { blind.digest(Self.normalised($0)) },
            source: source,
            sourceType: sourceType
        )
    }

    /// Removes the files of an application that became no case: refused, or joined to one that is there.
    package func discard(_ submission: PreparedSubmission) {
        guard submission.blobs.contains(where: { $0.sealed == nil }) else { return }
        // What stays behind is swept at the next start.
        try? blobs.erase(case: submission.candidate)
    }

    /// Seals attachments and source as blobs of a case.
    func seal(
        _ attachments: [Attachment],
        prefix: String,
        source: [UInt8],
        sequence: Int,
        of id: CaseID,
        key: DataKey,
        entropy: inout some Entropy
    ) throws -> [SealedPart] {
        var parts: [SealedPart] = []
        for (index, attachment) in attachments.enumerated() {
            parts.append(
                try seal(attachment.bytes, part: "\(prefix)-\(index + 1)", of: id, key: key, entropy: &entropy)
            )
        }
        if !source.isEmpty {
            parts.append(try seal(source, part: "source-\(sequence)", of: id, key: key, entropy: &entropy))
        }
        return parts
    }

    private func seal(
        _ bytes: [UInt8],
        part: String,
        of id: CaseID,
        key: DataKey,
        entropy: inout some Entropy
    ) throws -> SealedPart {
        let address = try BlobAddress(case: id, part: part)
        if bytes.count <= Self.largestRow {
            return SealedPart(
                part: part,
                sealed: try SealedBlob.seal(bytes, at: address, key: key, entropy: &entropy).bytes
            )
        }
        do {
            _ = try blobs.put(bytes, at: address, key: key, entropy: &entropy)
        } catch  where error.code == .exists {
            // Parts are named after an event that is not written yet: the file is of a try that was undone.
            try blobs.remove(address)
            _ = try blobs.put(bytes, at: address, key: key, entropy: &entropy)
        }
        return SealedPart(part: part, sealed: nil)
    }

    /// One case each: requesting site and placer number.
    package func requestKey(site: SiteID, number: String) -> [UInt8] {
        let text = String(decoding: Self.normalised(number), as: UTF8.self)
        return Array(keys.requestKeys.digest(parts: [site.description, text]).prefix(16))
    }

    /// The identity of a message that carries an act.
    package func identity(of act: Act, message: String?, sender: String, site: SiteID, source: [UInt8])
        -> MessageIdentity
    {
        MessageIdentity(
            key: keys.messageKeys.digest(parts: [
                site.description, sender, message ?? hexadecimal(sha256(source)),
            ]),
            content: Array(keys.contents.digest(parts: act.content).prefix(8))
        )
    }

    /// Keyed digest of a licence number and the name that it stands under, as the register of doctors holds it: a number
    /// under another doctor's name is not in the register.
    package func licence(_ number: String, of name: String) -> String {
        let tag = keys.elements.tag("licence", Self.normalised(number) + [0] + Self.normalised(name))
        return hexadecimal(withUnsafeBytes(of: tag.bigEndian) { Array($0) })
    }

    package func digests(of application: Application) -> ElementDigests {
        var out = ElementDigests()
        out.elements.reserveCapacity(32)
        for (element, value) in application.elements.sorted {
            out.elements[element] = keys.elements.tag(element.rawValue, Self.normalised(value))
        }
        for attachment in application.attachments {
            out.attachments.append(UInt64(digest: keys.elements.digest(attachment.bytes)))
        }
        return out
    }

    func digests(of elements: Elements<Element>) -> ElementDigests {
        var application = Application()
        application.elements = elements
        return digests(of: application)
    }

    func digests(of report: Report) -> [String: UInt64] {
        var out: [String: UInt64] = [:]
        for (element, value) in report.elements.sorted {
            out[element.rawValue] = keys.elements.tag(element.rawValue, Self.normalised(value))
        }
        return out
    }

    private func content(of digests: ElementDigests) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1_024)
        for (element, digest) in digests.elements.entries where !element.isTransport {
            bytes.append(contentsOf: element.rawValue.utf8)
            append(Int64(bitPattern: digest), to: &bytes)
        }
        for digest in digests.attachments { append(Int64(bitPattern: digest), to: &bytes) }
        return Array(keys.contents.digest(bytes).prefix(8))
    }

    /// UTF-8, white space aside and in one case: formats pad, break and capitalise differently.
    static func normalised(_ text: String) -> [UInt8] {
        var text = text
        let plain: [UInt8]? = text.withUTF8 { utf8 in
            var out: [UInt8] = []
            out.reserveCapacity(utf8.count)
            var index = 0
            while index < utf8.count {
                let byte = utf8[index]
                switch byte {
                case 0x09...0x0D, 0x20: index += 1
                case 0..<0x80:
                    out.append((0x41...0x5A).contains(byte) ? byte + 32 : byte)
                    index += 1
                case 0xE3...0xEF:
                    let scalar =
                        UInt32(byte & 15) << 12 | UInt32(utf8[index + 1] & 63) << 6 | UInt32(utf8[index + 2] & 63)
                    switch scalar {
                    // Chinese characters and their punctuation have neither case nor space.
                    case 0x3001...0x303F, 0x4E00...0x9FFF, 0xFF01...0xFF20:
                        out.append(contentsOf: utf8[index..<index + 3])
                        index += 3
                    default: return nil
                    }
                default: return nil
                }
            }
            return out
        }
        return plain ?? normalisedSlowly(text)
    }

    /// The same for any text, by the tables of Unicode.
    static func normalisedSlowly(_ text: String) -> [UInt8] {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !scalar.properties.isWhitespace { out.append(scalar) }
        return Array(String(out).lowercased().utf8)
    }
}
