"""Messages of our own writing for the acceptance of public clients."""

import json

DOCTORS = [
    {
        "name": "顾怀瑾",
        "licence": "111010500010066",
        "department": "0304",
        "validFrom": "2020-01-01",
        "validTo": "2035-12-31",
    }
]

SITES = [
    {
        "id": "TOWN",
        "name": "柳溪镇卫生院",
        "grade": "1A",
        "tier": "primary",
        "region": "421125",
        "departments": {"02": 10},
        "dutyTelephone": "0713-5550101",
        "profile": {"format": "hl7v2", "charset": "GB18030", "application": "LXHIS", "facility": "TOWN"},
    },
    {
        "id": "CITY",
        "name": "江洲市第一医院",
        "grade": "3A",
        "tier": "municipal",
        "region": "421100",
        "departments": {"0402": 10},
        "dutyTelephone": "0713-5550300",
        "profile": {"format": "fhir"},
    },
    {
        "id": "NATIONAL",
        "name": "国立友谊医院",
        "grade": "3A",
        "tier": "national",
        "region": "110105",
        "departments": {"0304": 1000},
        "dutyTelephone": "010-55501000",
        "mayAttest": True,
        "profile": {"format": "fhir"},
    },
]


def referral(number):
    """REF^I12 in GB18030."""
    lines = [
        f"MSH|^~\\&|LXHIS|TOWN|CONSILIUM|HUB|20260302101500||REF^I12^REF_I12|C{number}|P|2.5.1||||||GB 18030-2000",
        f"RF1|P|普通|0304^心血管内科^CT08.00.002|SO||{number}|||20260302|I20.0^不稳定型心绞痛^I10",
        "PRD|RP|王^秀兰||全科门诊^^^TOWN|0713-5550101||142421125000123",
        "PID|1||LX000123^^^LXHIS^MR||張珅||19581103|男",
        "DG1|1||I20.0^不稳定型心绞痛^I10",
        "NTE|1||活动后胸闷两周，長期高血压。|SUM",
        "NTE|2||是否需要冠脉造影。|PUR",
        "ZCN|书面|TY-2026-0031|20260302|王秀兰",
    ]
    return ("\r".join(lines) + "\r").encode("gb18030")


def acknowledgement(printed):
    """Code and text of MSA in what mllp_send printed, None when there is none."""
    text = printed.decode("gb18030", errors="replace").replace("\n", "\r")
    for line in text.split("\r"):
        fields = line.strip("\x0b\x1c").split("|")
        if fields[0] == "MSA":
            return fields[1], fields[3] if len(fields) > 3 else ""
    return None


def _entry(address, resource, method, url, match=None):
    request = {"method": method, "url": url}
    if match:
        request["ifMatch"] = match
    return {"fullUrl": address, "resource": resource, "request": request}


def bundle(number, site):
    """An application as a FHIR transaction."""
    patient, condition = "urn:uuid:00000000-0000-4000-8000-000000000001", "urn:uuid:00000000-0000-4000-8000-000000000002"
    entries = [
        _entry(
            patient,
            {
                "resourceType": "Patient",
                "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "LX000124"}],
                "name": [{"text": "李昞"}],
                "gender": "female",
                "birthDate": "1961-02-03",
            },
            "POST",
            "Patient",
        ),
        _entry(
            condition,
            {
                "resourceType": "Condition",
                "subject": {"reference": patient},
                "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "I20.0"}]},
            },
            "POST",
            "Condition",
        ),
        _entry(
            "urn:uuid:00000000-0000-4000-8000-000000000003",
            {
                "resourceType": "ServiceRequest",
                "contained": [
                    {"resourceType": "Practitioner", "id": "doctor", "name": [{"text": "沈雅文"}]},
                    {
                        "resourceType": "PractitionerRole",
                        "id": "role",
                        "practitioner": {"reference": "#doctor"},
                        "organization": {"reference": f"Organization/{site}"},
                    },
                ],
                "extension": [
                    {"url": "urn:consilium:summary", "valueString": "胸闷一月。"},
                    {"url": "urn:consilium:purpose", "valueString": "明确诊断。"},
                ],
                "identifier": [{"type": {"coding": [{"code": "PLAC"}]}, "value": number}],
                "status": "active",
                "intent": "order",
                "priority": "routine",
                "subject": {"reference": patient},
                "authoredOn": "2026-03-02",
                "requester": {"reference": "#role"},
                "performerType": {"coding": [{"system": "urn:consilium:department", "code": "0304"}]},
                "reasonReference": [{"reference": condition}],
            },
            "POST",
            "ServiceRequest",
        ),
        _entry(
            "urn:uuid:00000000-0000-4000-8000-000000000004",
            {
                "resourceType": "Consent",
                "identifier": [{"system": "urn:consilium:consent-reference", "value": "ZQ-88"}],
                "status": "active",
                "scope": {"coding": [{"code": "patient-privacy"}]},
                "category": [{"coding": [{"code": "59284-0"}]}],
                "patient": {"reference": patient},
                "dateTime": "2026-03-02",
                "policyRule": {"coding": [{"system": "urn:consilium:consent-basis", "code": "written"}]},
            },
            "POST",
            "Consent",
        ),
    ]
    head = {"resourceType": "Bundle", "type": "transaction", "identifier": {"system": "urn:acceptance", "value": number}}
    return json.dumps({**head, "entry": entries}, ensure_ascii=False)


def report(task, case, version, site):
    """The report that completes an offer Task, vouched for by the site, as a FHIR transaction."""
    who = {
        "display": "顾怀瑾",
        "identifier": {"system": "urn:oid:2.16.156.10011.1.4", "value": "111010500010066"},
    }
    now = "2026-03-02T15:00:00+08:00"
    address = f"Task/{task['id']}"
    entries = [
        _entry(address, {**task, "status": "completed"}, "PUT", address, f'W/"{task["meta"]["versionId"]}"'),
        _entry(
            "urn:uuid:report",
            {
                "resourceType": "DiagnosticReport",
                "status": "final",
                "basedOn": [{"reference": f"ServiceRequest/{case}"}],
                "code": {"coding": [{"system": "http://loinc.org", "code": "11488-4"}]},
                "issued": now,
                "conclusion": "同意目前处理；珅字应原样返回。",
                "extension": [{"url": "urn:consilium:disposition", "valueCode": "follow-up"}],
                "resultsInterpreter": [who],
                "performer": [{"reference": f"Organization/{site}"}],
            },
            "POST",
            "DiagnosticReport",
        ),
        _entry(
            "urn:uuid:provenance",
            {
                "resourceType": "Provenance",
                "target": [{"reference": "urn:uuid:report"}],
                "recorded": now,
                "agent": [{"who": {"reference": f"Organization/{site}"}}],
                "entity": [{"role": "source", "what": {"reference": f"ServiceRequest/{case}/_history/{version}"}}],
                "signature": [
                    {
                        "extension": [{"url": "urn:consilium:signature-kind", "valueCode": "site"}],
                        "type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}],
                        "when": now,
                        "who": who,
                    }
                ],
            },
            "POST",
            "Provenance",
        ),
    ]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}, ensure_ascii=False)
