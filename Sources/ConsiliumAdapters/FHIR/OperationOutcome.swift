package import ConsiliumCore

/// An HTTP status with the OperationOutcome that explains it.
package struct FHIROutcome: Sendable, Equatable {
    package var status: Int
    package var body: [UInt8]
}

extension FHIRAdapter {
    /// The answer to bytes that could not be read: 400 for broken JSON, 413 for too much, 415 for another media type,
    /// 422 for the rest.
    package static func outcome(_ error: FormatError) -> FHIROutcome {
        var (status, issue) = mapping(of: error.code)
        if error.code == .unsupportedType, error.location == "Content-Type" { status = 415 }
        var json = JSONWriter(capacity: 512)
        outcome(&json) { json in
            json.field("severity", "error")
            json.field("code", issue)
            json.concept("details", FHIRSystem.formatError, error.code.rawValue, text: error.message)
            json.field("diagnostics", "\(error.location): \(error.message)")
            if error.location.first != "$" { json.field("expression", strings: [error.location]) }
        }
        return FHIROutcome(status: status, body: json.bytes)
    }

    private static func mapping(of code: FormatError.Code) -> (status: Int, issue: String) {
        switch code {
        case .unparsable, .undecodable: (400, "structure")
        case .duplicateKey: (400, "structure")
        case .tooDeep: (400, "too-costly")
        case .tooLong: (413, "too-long")
        case .missing: (422, "required")
        case .invalidValue: (422, "value")
        case .unknownCode: (422, "code-invalid")
        case .danglingReference: (422, "not-found")
        case .unsupportedType, .unsupportedEvent: (422, "not-supported")
        }
    }

    /// The answer to what the network refuses; the sentence in `language`, the other one as its translation.
    package static func outcome(_ refusal: Refusal, language: Language = .en) -> FHIROutcome {
        let (status, issue) = mapping(of: refusal.code)
        let other: Language = language == .en ? .zh : .en
        var json = JSONWriter(capacity: 768)
        outcome(&json) { json in
            json.field("severity", "error")
            json.field("code", issue)
            json.object("details") { json in
                json.array("coding") { json in
                    json.object { json in json.coding(FHIRSystem.refusal, refusal.code.rawValue) }
                }
                json.field("text", refusal.sentence(language))
                json.object("_text") { json in
                    json.array("extension") { json in
                        json.object { json in
                            json.field("url", FHIRExtension.translation)
                            json.array("extension") { json in
                                json.extensionText("lang", other == .zh ? "zh-CN" : "en", as: "valueCode")
                                json.extensionText("content", refusal.sentence(other))
                            }
                        }
                    }
                }
            }
            json.field("diagnostics", "\(refusal.nextStep(language)) / \(refusal.nextStep(other))")
            let places = (refusal.place ?? "").split(separator: ",")
                .map { place in
                    let name = String(place.drop { $0 == " " })
                    return Element(rawValue: name).map(expression(for:)) ?? name
                }
            if !places.isEmpty { json.field("expression", strings: places) }
        }
        return FHIROutcome(status: status, body: json.bytes)
    }

    /// The HTTP status of a refusal.
    package static func status(for code: Refusal.Code) -> Int { mapping(of: code).status }

    private static func mapping(of code: Refusal.Code) -> (status: Int, issue: String) {
        switch code {
        case .missingIdentity, .missingRequestNumber, .missingRequester: (422, "required")
        case .unknownCode: (422, "code-invalid")
        case .invalidValue: (422, "value")
        case .alreadyRated, .assessmentOverlaps: (409, "duplicate")
        case .assessmentIncomplete, .evidenceMissing: (422, "required")
        case .evidenceUnknown, .measureUnknown, .notDrilled, .entryUnknown: (422, "not-found")
        case .measureInvalid, .sharesDoNotAddUp, .returnDefective, .seedMismatch: (422, "value")
        case .entryExists, .rulePackOverlaps: (409, "duplicate")
        case .entryClosed, .periodBegun, .periodNotEnded, .periodEmpty, .periodInFuture, .reviewLate:
            (409, "business-rule")
        case .messageReused: (409, "duplicate")
        case .amendmentTooLate, .otherPatient: (409, "conflict")
        case .notFound: (404, "not-found")
        case .erased: (410, "deleted")
        case .notPermitted: (403, "forbidden")
        case .notYetOffered: (422, "not-supported")
        case .wrongState: (409, "conflict")
        case .versionConflict: (412, "conflict")
        case .offerEnded, .alreadyAccepted: (409, "conflict")
        case .capacityFull: (409, "business-rule")
        case .consentMissing, .consentWithdrawn: (422, "business-rule")
        case .reasonRequired, .reportIncomplete: (422, "required")
        case .signatureInvalid, .credentialInvalid: (422, "security")
        case .siteUnknown: (422, "not-found")
        case .siteSuspended, .actsForDenied: (403, "forbidden")
        case .principalUnknown, .principalRevoked: (403, "login")
        case .tokenInvalid: (403, "expired")
        case .busy: (503, "throttled")
        case .diskFull: (507, "no-store")
        case .tooLarge: (413, "too-long")
        }
    }

    /// An OperationOutcome that refuses nothing: one issue of severity `information` for each text.
    package static func information(_ texts: [String]) -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            json.field("resourceType", "OperationOutcome")
            json.array("issue") { json in
                for text in texts.isEmpty ? ["ok"] : texts {
                    json.object { json in
                        json.field("severity", "information")
                        json.field("code", "informational")
                        json.field("diagnostics", text)
                    }
                }
            }
        }
        return json.bytes
    }

    /// An OperationOutcome for what HTTP itself refuses: an unknown path, method or media type.
    package static func outcome(status: Int, issue: String, _ text: String) -> FHIROutcome {
        var json = JSONWriter(capacity: 256)
        outcome(&json) { json in
            json.field("severity", "error")
            json.field("code", issue)
            json.field("diagnostics", text)
        }
        return FHIROutcome(status: status, body: json.bytes)
    }

    private static func outcome(_ json: inout JSONWriter, _ issue: (inout JSONWriter) -> Void) {
        json.object { json in
            json.field("resourceType", "OperationOutcome")
            json.array("issue") { json in json.object(issue) }
        }
    }
}
