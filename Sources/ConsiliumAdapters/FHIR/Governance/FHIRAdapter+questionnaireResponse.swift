package import ConsiliumCore

extension FHIRAdapter {
    /// One auditor's sheet as a `QuestionnaireResponse` (https://hl7.org/fhir/R4/questionnaireresponse.html).
    ///
    /// Who may see it is decided before (`Assessment.sheets(visibleTo:)`). `number` counts the assessment's sheets from 1;
    /// `base` is the address of the FHIR interface, without a slash at its end.
    package static func questionnaireResponse(
        _ sheet: Assessment.Sheet,
        of assessment: Assessment,
        number: Int,
        network: String,
        base: String
    ) -> [UInt8] {
        var json = JSONWriter(capacity: 8_192)
        json.object { json in
            let identity = GovernanceID.sheet(assessment.id, number)
            ResourceHeader.local(identity.id).write(identity.type, &json)
            json.array("extension") { json in
                json.extensionText(FHIRExtension.assessment, assessment.id.description)
                json.extensionCode(FHIRExtension.assessmentState, assessment.state.rawValue)
                json.extensionText(FHIRExtension.modelVersion, assessment.modelVersion)
                json.extensionFlag(FHIRExtension.arbitrates, sheet.arbitrates)
                json.object { json in
                    json.field("url", FHIRExtension.assessedPeriod)
                    json.object("valuePeriod") { json in
                        json.field("start", assessment.period.from.iso8601)
                        // A Period of R4 holds its end.
                        json.field("end", (assessment.period.to - .milliseconds(1)).iso8601)
                    }
                }
            }
            json.field(
                "questionnaire",
                "\(base)/Questionnaire/\(questionnaireID)|\(assessment.questionnaireVersion)"
            )
            json.field("status", status(of: sheet, in: assessment))
            json.network("subject", network)
            json.field("authored", sheet.signedAt?.iso8601)
            json.object("author") { json in
                json.field("type", "Practitioner")
                json.object("identifier") { json in
                    json.field("system", FHIRSystem.principal)
                    json.field("value", sheet.auditor.description)
                }
            }
            let ratings = Indicator.allCases.compactMap { sheet.ratings[$0] }
            guard !ratings.isEmpty else { return }
            json.array("item") { json in
                for rating in ratings { json.object { json in write(rating, &json) } }
            }
        }
        return json.bytes
    }

    private static func status(of sheet: Assessment.Sheet, in assessment: Assessment) -> String {
        if sheet.signedAt != nil { return "completed" }
        return assessment.state == .abandoned ? "stopped" : "in-progress"
    }

    private static func write(_ rating: Assessment.Rating, _ json: inout JSONWriter) {
        let indicator = rating.indicator
        json.field("linkId", indicator.rawValue)
        json.array("item") { json in
            if let halves = rating.halves {
                coded(.residualClaim, indicator, FHIRSystem.ownerHalf, "\(halves.residualClaim)", &json)
                coded(.decisionPower, indicator, FHIRSystem.ownerHalf, "\(halves.decisionPower)", &json)
            }
            coded(.rating, indicator, FHIRSystem.anchor(indicator), "\(rating.value)", &json)
            coded(.confidence, indicator, FHIRSystem.confidence, rating.confidence.rawValue, &json)
            for evidence in rating.evidence {
                json.object { json in
                    json.field("linkId", AssessmentLink.evidence.id(indicator))
                    json.array("item") { json in
                        coded(.evidenceKind, indicator, FHIRSystem.evidenceKind, evidence.kind.rawValue, &json)
                        answer(.evidenceReference, indicator, &json) { json in
                            json.field("valueString", evidence.reference)
                        }
                    }
                }
            }
        }
    }

    private static func coded(
        _ link: AssessmentLink,
        _ indicator: Indicator,
        _ system: String,
        _ code: String,
        _ json: inout JSONWriter
    ) {
        answer(link, indicator, &json) { json in
            json.object("valueCoding") { json in json.coding(system, code) }
        }
    }

    private static func answer(
        _ link: AssessmentLink,
        _ indicator: Indicator,
        _ json: inout JSONWriter,
        _ value: (inout JSONWriter) -> Void
    ) {
        json.object { json in
            json.field("linkId", link.id(indicator))
            json.array("answer") { json in json.object(value) }
        }
    }
}
