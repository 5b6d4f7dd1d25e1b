package import ConsiliumCore

/// Addresses within the questionnaire of an assessment: `OC` is an item's group, `OC.rating` the answer in it.
enum AssessmentLink: String, CaseIterable {
    case rating
    case residualClaim = "residual-claim"
    case decisionPower = "decision-power"
    case confidence
    case evidence
    case evidenceKind = "evidence.kind"
    case evidenceReference = "evidence.reference"

    func id(_ indicator: Indicator) -> String { "\(indicator.rawValue).\(rawValue)" }

    /// The evidence's reference is no place for prose.
    static let longestReference = 128

    var text: BilingualText {
        switch self {
        case .rating: BilingualText("Rating, 0 to 4", "评分（0至4）")
        case .residualClaim: BilingualText("Claim on what is left over, 0 to 2", "剩余索取权（0至2）")
        case .decisionPower: BilingualText("Power to appoint and decide, 0 to 2", "任免与决策权（0至2）")
        case .confidence: BilingualText("Confidence in the rating", "评分的把握程度")
        case .evidence: BilingualText("Evidence", "凭据")
        case .evidenceKind: BilingualText("Where it can be found", "凭据类型")
        case .evidenceReference:
            BilingualText(
                "Position in the ledger, digest of the document, or identifier in the register",
                "账本中的位置、文件摘要或登记簿标识"
            )
        }
    }
}

extension Assessment.Evidence.Kind {
    fileprivate var name: BilingualText {
        switch self {
        case .event: BilingualText("event of the ledger", "账本事件")
        case .document: BilingualText("document", "文件")
        case .register: BilingualText("entry of a register", "登记簿条目")
        }
    }
}

extension FHIRAdapter {
    /// The logical id of the questionnaire of assessments.
    package static let questionnaireID = "consilium-assessment"

    /// The eight items as a `Questionnaire` (https://hl7.org/fhir/R4/questionnaire.html), in both languages.
    ///
    /// `base` is the address of the FHIR interface, without a slash at its end.
    package static func questionnaire(_ questionnaire: Questionnaire, base: String) -> [UInt8] {
        var json = JSONWriter(capacity: 32_768)
        json.object { json in
            ResourceHeader.local(questionnaireID).write("Questionnaire", &json)
            json.field("language", "en")
            json.field("url", "\(base)/Questionnaire/\(questionnaireID)")
            json.field("version", questionnaire.version)
            json.field("name", "ConsiliumAssessment")
            json.bilingual(
                "title",
                "_title",
                BilingualText("Assessment of hospital governance", "医院治理评估")
            )
            json.field("status", "active")
            json.field("subjectType", strings: ["Organization"])
            json.bilingual(
                "description",
                "_description",
                BilingualText(
                    "Eight indicators of hospital governance (doi 10.5334/ijic.5417), rated 0 to 4 by anchors of this "
                        + "project. A position is no merit. Who arbitrates rates only what the others disagree on.",
                    "八项医院治理指标（doi 10.5334/ijic.5417），按本项目的锚定描述评0至4分。位置不代表优劣。仲裁审计员仅评存在分歧的条目。"
                )
            )
            json.array("item") { json in
                for item in questionnaire.items { json.object { json in write(item, &json) } }
            }
        }
        return json.bytes
    }

    private static func write(_ item: Questionnaire.Item, _ json: inout JSONWriter) {
        let indicator = item.indicator
        json.field("linkId", indicator.rawValue)
        json.array("code") { json in
            json.object { json in
                json.bilingualCoding(FHIRSystem.indicator, indicator.rawValue, indicator.name)
            }
        }
        json.bilingual("text", "_text", item.question)
        json.field("type", "group")
        json.array("item") { json in
            if indicator == .ownerFunctions {
                for half in [AssessmentLink.residualClaim, .decisionPower] {
                    choice(half, indicator, &json) { json in
                        let anchors = [
                            BilingualText("none", "无"), BilingualText("partial or shared", "部分或共有"),
                            BilingualText("full", "完全"),
                        ]
                        points(FHIRSystem.ownerHalf, anchors, &json)
                    }
                }
            }
            choice(.rating, indicator, &json) { json in
                points(FHIRSystem.anchor(indicator), item.anchors, &json)
            }
            choice(.confidence, indicator, &json) { json in
                for confidence in Assessment.Confidence.allCases {
                    option(FHIRSystem.confidence, confidence.rawValue, confidence.name, nil, &json)
                }
            }
            json.object { json in
                question(.evidence, indicator, "group", &json)
                json.field("repeats", true)
                json.array("item") { json in
                    choice(.evidenceKind, indicator, &json) { json in
                        for kind in Assessment.Evidence.Kind.allCases {
                            option(FHIRSystem.evidenceKind, kind.rawValue, kind.name, nil, &json)
                        }
                    }
                    json.object { json in
                        question(.evidenceReference, indicator, "string", &json)
                        json.field("maxLength", AssessmentLink.longestReference)
                    }
                }
            }
        }
    }

    /// The members that every mandatory question has.
    private static func question(
        _ link: AssessmentLink,
        _ indicator: Indicator,
        _ type: String,
        _ json: inout JSONWriter
    ) {
        json.field("linkId", link.id(indicator))
        json.bilingual("text", "_text", link.text)
        json.field("type", type)
        json.field("required", true)
    }

    private static func choice(
        _ link: AssessmentLink,
        _ indicator: Indicator,
        _ json: inout JSONWriter,
        options: (inout JSONWriter) -> Void
    ) {
        json.object { json in
            question(link, indicator, "choice", &json)
            json.array("answerOption", options)
        }
    }

    /// Options from 0 up, each with its number for programs that compute.
    private static func points(_ system: String, _ anchors: [BilingualText], _ json: inout JSONWriter) {
        for (point, anchor) in anchors.enumerated() { option(system, "\(point)", anchor, point, &json) }
    }

    private static func option(
        _ system: String,
        _ code: String,
        _ name: BilingualText,
        _ ordinal: Int?,
        _ json: inout JSONWriter
    ) {
        json.object { json in
            json.object("valueCoding") { json in
                if let ordinal {
                    json.array("extension") { json in
                        json.extensionDecimal(FHIRExtension.ordinalValue, Double(ordinal))
                    }
                }
                json.bilingualCoding(system, code, name)
            }
        }
    }
}
