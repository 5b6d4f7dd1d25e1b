import ConsiliumAdapters
import ConsiliumCore

/// A Bundle as another vendor's system would send it: everything an entry of its own, urn:uuid and relative references.
enum FHIRBundleSample {
    static let text = #"""
        {
          "resourceType": "Bundle",
          "identifier": {"system": "urn:his:town", "value": "MSG-1"},
          "type": "transaction",
          "entry": [
            {
              "fullUrl": "urn:uuid:5f1e3c40-0000-4000-8000-00000000000a",
              "resource": {
                "resourceType": "Patient",
                "identifier": [
                  {"system": "urn:oid:2.16.156.10011.1.3", "value": "110101196102030011"},
                  {"type": {"coding": [{"code": "MR"}]}, "value": "MR-77"}
                ],
                "name": [{"family": "王", "given": ["小明"]}],
                "gender": "male",
                "birthDate": "1961-02-03",
                "telecom": [{"system": "phone", "value": "13800000000"}]
              },
              "request": {"method": "POST", "url": "Patient"}
            },
            {
              "fullUrl": "urn:uuid:5f1e3c40-0000-4000-8000-00000000000b",
              "resource": {
                "resourceType": "ServiceRequest",
                "extension": [
                  {"url": "urn:consilium:summary", "valueString": "咳嗽三周"},
                  {"url": "urn:consilium:purpose", "valueString": "明确诊断"}
                ],
                "identifier": [{"system": "urn:his:town:order", "value": "HZ-1"}],
                "status": "active",
                "intent": "order",
                "priority": "urgent",
                "subject": {"reference": "urn:uuid:5f1e3c40-0000-4000-8000-00000000000a"},
                "authoredOn": "2026-11-21T09:30:00+08:00",
                "requester": {"reference": "PractitionerRole/role-1"},
                "performerType": {"coding": [{"system": "urn:consilium:department", "code": "0301"}]},
                "performer": [{"reference": "Organization/COUNTY-01"}],
                "reasonCode": [{"text": "诊断不明"}],
                "reasonReference": [{"reference": "Condition/c1"}],
                "note": [{"text": "家属陪同"}]
              },
              "request": {"method": "POST", "url": "ServiceRequest", "ifNoneExist": "identifier=HZ-1"}
            },
            {
              "resource": {
                "resourceType": "PractitionerRole",
                "id": "role-1",
                "practitioner": {"reference": "Practitioner/dr-1"},
                "organization": {"reference": "Organization/org-1"},
                "specialty": [{"coding": [{"system": "urn:consilium:department", "code": "03"}]}]
              },
              "request": {"method": "POST", "url": "PractitionerRole"}
            },
            {
              "resource": {
                "resourceType": "Practitioner",
                "id": "dr-1",
                "identifier": [{"system": "urn:oid:2.16.156.10011.1.4", "value": "1411"}],
                "name": [{"text": "赵医生"}]
              },
              "request": {"method": "POST", "url": "Practitioner"}
            },
            {
              "resource": {
                "resourceType": "Organization",
                "id": "org-1",
                "identifier": [{"system": "urn:oid:2.16.156.10011.1.5", "value": "TOWN-01"}],
                "name": "某乡卫生院"
              },
              "request": {"method": "POST", "url": "Organization"}
            },
            {
              "resource": {
                "resourceType": "Condition",
                "id": "c1",
                "subject": {"reference": "urn:uuid:5f1e3c40-0000-4000-8000-00000000000a"},
                "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "J98.414"}], "text": "肺部感染"}
              },
              "request": {"method": "POST", "url": "Condition"}
            },
            {
              "resource": {
                "resourceType": "Consent",
                "identifier": [{"value": "ZQ-88"}],
                "status": "active",
                "scope": {"coding": [{"code": "patient-privacy"}]},
                "category": [{"coding": [{"code": "npp"}]}],
                "patient": {"reference": "urn:uuid:5f1e3c40-0000-4000-8000-00000000000a"},
                "dateTime": "2026-11-21",
                "performer": [{"display": "赵医生"}],
                "policyRule": {"coding": [{"system": "urn:consilium:consent-basis", "code": "written"}]},
                "provision": {
                  "type": "permit",
                  "actor": [{"role": {"coding": [{"code": "IRCP"}]}, "reference": {"reference": "Organization/COUNTY-01"}}]
                }
              },
              "request": {"method": "POST", "url": "Consent"}
            },
            {
              "resource": {
                "resourceType": "DocumentReference",
                "status": "current",
                "content": [{"attachment": {"contentType": "text/plain", "url": "urn:uuid:5f1e3c40-0000-4000-8000-00000000000c", "title": "ECG"}}]
              },
              "request": {"method": "POST", "url": "DocumentReference"}
            },
            {
              "fullUrl": "urn:uuid:5f1e3c40-0000-4000-8000-00000000000c",
              "resource": {"resourceType": "Binary", "contentType": "text/plain", "data": "c2ludXM="},
              "request": {"method": "POST", "url": "Binary"}
            }
          ]
        }
        """#

    static let profile = ExchangeProfile(format: .fhir)

    /// Decodes the sample with `find` replaced; an edit that finds nothing is a fault of the test.
    static func decode(
        _ edits: [(find: String, replace: String)] = [],
        profile: ExchangeProfile = profile
    ) throws(FormatError) -> FHIRInteraction {
        var text = text
        for edit in edits {
            guard let range = text.firstRange(of: edit.find) else {
                throw FormatError(.unparsable, at: "test", "the sample has no \(edit.find)")
            }
            text.replaceSubrange(range, with: edit.replace)
        }
        return try FHIRAdapter.decodeBundle(Array(text.utf8), profile: profile)
    }

    static func application(
        _ edits: [(find: String, replace: String)] = [],
        profile: ExchangeProfile = profile
    ) throws(FormatError) -> Application {
        guard case .application(let application) = try decode(edits, profile: profile).submission.intent else {
            throw FormatError(.unsupportedEvent, at: "test", "not an application")
        }
        return application
    }
}
