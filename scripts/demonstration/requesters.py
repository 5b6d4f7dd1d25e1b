"""The asking side: three doors, and the closing of each case by a person."""

import json
import threading

from . import form, messages, mllp
from .network import CHARSETS, CITY, COUNTY, TOWN
from .performers import entries
from .terminal import Broken

FORMS = [
    (TOWN, "QS-F-0001", "routine", "07", "罗小宝", "2021-05-06", "1", "反复喘息三次", "是否需要长期控制治疗", "QS-TY-2026-0041"),
    (TOWN, "QS-F-0002", "routine", "0502", "许文静", "1993-03-19", "2", "产后血压持续升高", "降压方案与复查间隔", "QS-TY-2026-0042"),
    (COUNTY, "LJ-F-0001", "urgent", "0405", "邹建平", "1962-08-08", "1", "自发性气胸反复发作", "是否手术，术式选择", "LJ-C-561"),
    (CITY, "JZ-F-0001", "routine", "10", "卢秀珍", "1951-11-30", "2", "糖尿病视网膜病变", "激光或注药治疗时机", "JZ-IC-311"),
    (CITY, "JZ-F-0002", "routine", "0306", "潘志勇", "1972-01-16", "1", "反复肾结石", "代谢评估与预防", "JZ-IC-312"),
]


def send_hl7(story, site, source, control, age=0):
    """One message through the site's gateway; gives MSA-1, MSA-3, the whole acknowledgement and what was sent."""
    charset = CHARSETS[site]
    message = messages.er7(source, control, charset, age)
    reply = mllp.send(story.network.gateway_ports[site], message)
    if mllp.field(reply, "MSA", 2, charset) != control:
        raise Broken(f"the acknowledgement names {mllp.field(reply, 'MSA', 2, charset)}, not {control}")
    return mllp.field(reply, "MSA", 1, charset), mllp.field(reply, "MSA", 3, charset), reply, message


def by_gateway(story, site, folder):
    """Every message of a folder through the site's gateway; the case ids by request number."""
    names = [name for name in messages.names(folder) if not name.startswith("bad-")]
    for index, name in enumerate(names, 1):
        source = messages.text(folder, name)
        code, text, reply, message = send_hl7(story, site, source, f"{site}-{index:04d}")
        number = mllp.field(message, "RF1", 6, CHARSETS[site])
        if code != "AA":
            raise Broken(f"{name}: {reply.decode(CHARSETS[site], 'replace')}")
        case = text.split()[-1]
        story.submitted(case, number, site, "gateway, HL7 v2 " + CHARSETS[site].upper(), message)
        story.terminal.say(story.network.names[site], f"{number}: REF^I12, {len(message)} bytes → AA {text}")


def by_curl(story):
    node = story.network.nodes[CITY]
    for values, body in messages.city_requests():
        status, headers, content = node.curl("POST", "/fhir", body)
        if status not in (200, 201):
            raise Broken(f"{values['NUMBER']}: {status} {content.decode(errors='replace')[:400]}")
        case = case_in(json.loads(content), headers)
        story.submitted(case, values["NUMBER"], CITY, "curl, FHIR R4", body)
        story.terminal.say(story.network.names[CITY], f"{values['NUMBER']}: transaction Bundle → {status} {case}")


def case_in(response, headers):
    """The case id in a transaction's response."""
    for entry in response.get("entry", []):
        location = entry.get("response", {}).get("location", "")
        if "ServiceRequest/" in location:
            return location.split("ServiceRequest/")[1].split("/")[0]
    if "consilium-case" in headers:
        return headers["consilium-case"]
    raise Broken(f"no ServiceRequest in {json.dumps(response)[:300]}")


def by_form(story):
    for site, number, priority, department, patient, birth, sex, reason, purpose, consent in FORMS:
        member = story.network.people[site]
        empty = member.run("new", "consultation", "--lang", "en")
        doctor = {TOWN: "王秀兰", COUNTY: "何志远", CITY: "沈雅文"}[site]
        values = {
            "patient.name": patient,
            "patient.sex": sex,
            "patient.birthDate": birth,
            "patient.medicalRecordNumber": "R" + number,
            "request.number": number,
            "request.priority": priority,
            "request.wantedDepartment": department,
            "request.summary": reason + "，病史与检查见附页。",
            "request.reason": reason,
            "request.purpose": purpose,
            "request.diagnosisName": reason,
            "requester.doctor": doctor,
            "requester.departmentText": "门诊",
            "requester.institution": story.network.names[site],
            "consent.basis": "written",
            "consent.reference": consent,
        }
        filled = form.fill(empty, values)
        result = entries(json.loads(member.run("submit", "-", "-o", "json", data=filled)))
        row = result[0] if isinstance(result, list) else result
        story.submitted(row["case"], number, site, "consilium submit, form", filled.encode())
        story.terminal.say(story.network.names[site], f"{number}: form written by `new`, filled in → {row['case']}")


class Closer(threading.Thread):
    """Closes each reported case of its site, as a person there: through the hospital's system, FHIR or the client."""

    def __init__(self, story, site):
        super().__init__(name=f"closes-{site}", daemon=True)
        self.story, self.site = story, site
        self.network = story.network

    def run(self):
        done = set()
        while not self.story.ended.wait(0.3):
            try:
                for case in self.story.in_phase("reported", self.site):
                    if case not in done:
                        done.add(case)
                        self.close(case)
            except Exception as error:  # noqa: BLE001: whatever it is ends the story
                if not self.story.ended.is_set():
                    self.story.failures.append(f"closing at {self.site}: {error!r}")
                return

    def close(self, case):
        number, door = self.story.numbers[case], self.story.doors[case]
        if number == "QS2026-0002":
            self.by_hl7(case, number)
            how = "ORM^O01 from the hospital's system"
        elif "FHIR" in door:
            self.by_fhir(case)
            how = "review Task completed by curl"
        else:
            self.network.people[self.site].run("close", case, "--decision", "adopted", "--rating", "5")
            how = "consilium close"
        self.story.terminal.say(self.network.names[self.site], f"{number}: report read, adopted, closed ({how})")

    def by_hl7(self, case, number):
        charset = CHARSETS[self.site]
        source = "\n".join(
            [
                f"MSH|^~\\&|QSHIS|{self.site}|CONSILIUM|HUB|@TIME@||ORM^O01^ORM_O01|@CONTROL@|P|2.5.1|||||CHN|GB18030",
                f"ORC|SC|{number}|{case}||CM||||||143132200010017^王^秀兰",
                "NTE|1||采纳|DEC",
                "NTE|2||5|RAT",
            ]
        )
        code, text, reply, _ = send_hl7(self.story, self.site, source, "QS-CLOSE-" + number)
        if code != "AA":
            raise Broken(f"closing {number}: {reply.decode(charset)}")

    def by_fhir(self, case):
        node = self.network.nodes[self.site]
        task = node.get(f"/fhir/Task/{case}-review")
        kind = "urn:consilium:task-output"
        task["status"] = "completed"
        task["output"] = [
            {
                "type": {"coding": [{"system": kind, "code": "decision"}]},
                "valueCodeableConcept": {"coding": [{"system": "urn:consilium:closure-decision", "code": "adopted"}]},
            },
            {"type": {"coding": [{"system": kind, "code": "rating"}]}, "valueInteger": 5},
        ]
        tag = f'W/"{task["meta"]["versionId"]}"'
        body = json.dumps(task).encode()
        status, _, content = node.curl("PUT", f"/fhir/Task/{case}-review", body, headers=[f"If-Match: {tag}"])
        if status != 200:
            raise Broken(f"review of {case}: {status} {content.decode(errors='replace')[:400]}")
