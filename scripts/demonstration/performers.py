"""The answering side: each site answers in its own way until the story ends."""

import json
import threading
import time

from . import form, mllp
from .hub import Failed
from .network import COUNTY, NATIONAL
from .terminal import Broken

# What the county's own system answers in HL7 v2; every other case of the county is answered by a person.
COUNTY_OPINIONS = {
    "QS2026-0001": ("診断：慢阻肺急性加重伴Ⅱ型呼吸衰竭。建议無創通气，東街卫生院可行；抗菌药物首选阿莫西林克拉维酸。", "就地治疗"),
    "QS2026-0002": ("考虑咳嗽變異性哮喘，建议支气管激發试验；先予吸入激素八周，珅、昞等字应原样返回。", "随访"),
}

PRIORITIES = ["stat", "asap", "urgent", "routine"]


class Performer(threading.Thread):
    """Runs `step` again and again until it is stopped; what goes wrong ends the story."""

    def __init__(self, story, site, pause=0.4):
        super().__init__(name=site, daemon=True)
        self.story = story
        self.network = story.network
        self.site = site
        self.pause = pause
        self.seen = set()
        self.rounds = 0

    def say(self, text):
        self.story.terminal.say(self.network.names[self.site], text)

    def run(self):
        while not self.story.ended.is_set():
            try:
                self.step()
                self.rounds += 1
            except (Broken, Failed, OSError, ValueError, KeyError) as error:
                if not self.story.ended.is_set():
                    self.story.failures.append(f"{self.site}: {error!r}")
                return
            time.sleep(self.pause)


class PersonWithClient(Performer):
    """A doctor with the `consilium` command."""

    def __init__(self, story, site, doctor, licence, lets_lapse=(), declines=(), leaves_stat=False, leaves=()):
        super().__init__(story, site)
        self.member = story.network.people[site]
        self.doctor, self.licence = doctor, licence
        self.lets_lapse, self.declines = set(lets_lapse), set(declines)
        self.leaves_stat, self.leaves = leaves_stat, set(leaves)

    def step(self):
        for entry in entries(self.member.json("inbox")):
            case = entry["case"]
            if entry.get("kind") != "offer" or case in self.seen:
                continue
            if self.story.number(case) in self.leaves:
                continue
            self.seen.add(case)
            self.answer(case, entry)

    def answer(self, case, entry):
        number = self.story.number(case)
        if entry["department"] in self.lets_lapse:
            self.say(f"{number}: sees the offer and does not answer; the lease runs")
            return
        if entry["department"] in self.declines:
            self.member.run("decline", case, "--reason", "no-capacity")
            self.say(f"{number}: declined, no-capacity")
            return
        if entry["priority"] == "stat" and self.leaves_stat:
            self.say(f"{number}: offered (stat), busy with another patient")
            return
        if entry["priority"] == "stat":
            self.story.note_parallel(case)
        self.member.run("accept", case)
        self.member.run("start", case)
        text = form.report(
            f"已阅病历（申请单 {number}）。同意目前处理，补充意见见建议。",
            "manage-at-origin",
            self.doctor,
            self.licence,
            self.network.names[self.site],
        )
        self.member.run("report", case, "--file", "-", data=text)
        self.say(f"{number}: accepted, started, reported and signed with the doctor's key (consilium)")


class SystemWithHL7(Performer):
    """The county's own system: takes REF^I12 from its gateway, answers with RRI^I12 and ORU^R01."""

    def __init__(self, story):
        super().__init__(story, COUNTY)

    def step(self):
        for message in self.network.deliveries(COUNTY):
            if mllp.field(message, "MSH", 9, "utf-8").startswith("REF"):
                number = mllp.field(message, "RF1", 6, "utf-8").split("^")[0]
                if number in COUNTY_OPINIONS and number not in self.seen:
                    self.seen.add(number)
                    self.answer(number, message)

    def answer(self, number, referral):
        opinion, disposition = COUNTY_OPINIONS[number]
        case = mllp.field(referral, "RF1", 11, "utf-8").split("^")[0]
        if not case:
            raise Broken(f"the REF^I12 for {number} names no case in RF1-11")
        now = time.strftime("%Y%m%d%H%M%S")
        head = f"MSH|^~\\&|LJHIS|{COUNTY}|CONSILIUM|HUB|{now}||%s|%s|P|2.5.1|||||CHN|UNICODE UTF-8"
        patient = next(s for s in mllp.segments(referral) if s.startswith(b"PID")).decode()
        accept = [head % ("RRI^I12^RRI_I12", "LJ-RRI-" + number), f"MSA|AA|{mllp.field(referral, 'MSH', 10, 'utf-8')}"]
        accept += [f"RF1|A|||||{number}|||||{case}", f"PRD|RP|||^^^{COUNTY}", patient]
        self.send(accept, "RRI^I12")
        report = [head % ("ORU^R01^ORU_R01", "LJ-ORU-" + number), patient, f"ORC|RE|{number}|{case}"]
        fields = ["OBR", "1", number, case, "会诊^会诊意见^L", "", "", now] + [""] * 14 + [now, "", "", "F"] + [""] * 6
        fields.append("143132210020041&何&志远^^^呼吸内科^^^" + self.network.names[COUNTY])
        report.append("|".join(fields))
        report.append(f"OBX|1|TX|report.opinion^会诊意见^99CON||{opinion}||||||F")
        report.append(f"OBX|2|CE|report.disposition^处置^99CON||{disposition}||||||F")
        self.send(report, "ORU^R01")
        self.say(f"{number}: the hospital's system answered with RRI^I12 (accept) and ORU^R01 (report) in UTF-8")

    def send(self, lines, kind):
        reply = mllp.send(self.network.gateway_ports[COUNTY], ("\r".join(lines) + "\r").encode())
        if mllp.field(reply, "MSA", 1, "utf-8") != "AA":
            raise Broken(f"{kind}: {reply.decode()}")


class SystemWithFHIR(Performer):
    """A national hospital's system: polls for offer Tasks and answers them, by `curl` with its certificate."""

    def __init__(self, story):
        super().__init__(story, NATIONAL)
        self.node = story.network.nodes[NATIONAL]
        self.accepted = []

    def step(self):
        """Accepts whatever is new, the most urgent first, before it reports on one: a lease does not wait."""
        bundle = self.node.get("/fhir/Task?owner=me&status=requested")
        tasks = [entry["resource"] for entry in bundle.get("entry", [])]
        for task in sorted(tasks, key=lambda task: PRIORITIES.index(task.get("priority", "routine"))):
            case = task["focus"]["reference"].split("/")[-1]
            if task["id"] in self.seen:
                continue
            self.seen.add(task["id"])
            if task.get("priority") == "stat":
                self.story.note_parallel(case)
                self.say(f"{self.story.number(case)}: offered (stat) at the same time; answers too late on purpose")
                self.story.late_task = task
                continue
            self.accepted.append((case, self.put(task, "accepted")))
        if self.accepted:
            self.answer(*self.accepted.pop(0))

    def put(self, task, status):
        body = {**task, "status": status}
        tag = f'W/"{task["meta"]["versionId"]}"'
        path = f"/fhir/Task/{task['id']}"
        code, _, content = self.node.curl("PUT", path, json.dumps(body).encode(), headers=[f"If-Match: {tag}"])
        if code != 200:
            raise Broken(f"PUT {path} {status}: {code} {content.decode(errors='replace')[:400]}")
        return self.node.get(path)

    def answer(self, case, task):
        request = self.node.get(f"/fhir/ServiceRequest/{case}")
        task = self.put(task, "in-progress")
        version = self.node.get(f"/fhir/ServiceRequest/{case}")["meta"]["versionId"]
        now = time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + 8 * 3600))
        report = {
            "resourceType": "DiagnosticReport",
            "status": "final",
            "basedOn": [{"reference": f"ServiceRequest/{case}"}],
            "code": {"coding": [{"system": "http://loinc.org", "code": "11488-4"}], "text": "会诊意见"},
            "issued": now,
            "conclusion": "已阅资料，意见：按所附方案在当地治疗，四周后复查；如加重经协作网再次申请。",
            "extension": [{"url": "urn:consilium:disposition", "valueCode": "follow-up"}],
            "resultsInterpreter": [
                {"display": "顾明远", "identifier": {"system": "urn:oid:2.16.156.10011.1.4", "value": "111010500010066"}}
            ],
            "performer": [{"reference": f"Organization/{NATIONAL}", "display": self.network.names[NATIONAL]}],
        }
        provenance = {
            "resourceType": "Provenance",
            "target": [{"reference": "urn:uuid:report"}],
            "recorded": now,
            "agent": [{"who": {"reference": f"Organization/{NATIONAL}"}}],
            "entity": [{"role": "source", "what": {"reference": f"ServiceRequest/{case}/_history/{version}"}}],
            "signature": [
                {
                    "extension": [{"url": "urn:consilium:signature-kind", "valueCode": "site"}],
                    "type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}],
                    "when": now,
                    "who": {
                        "display": "顾明远",
                        "identifier": {"system": "urn:oid:2.16.156.10011.1.4", "value": "111010500010066"},
                    },
                }
            ],
        }
        tag = f'W/"{task["meta"]["versionId"]}"'
        entries = [
            ({**task, "status": "completed"}, f"Task/{task['id']}", "PUT", f"Task/{task['id']}", tag),
            (report, "urn:uuid:report", "POST", "DiagnosticReport", None),
            (provenance, "urn:uuid:provenance", "POST", "Provenance", None),
        ]
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": []}
        for resource, address, method, url, match in entries:
            entry = {"fullUrl": address, "resource": resource, "request": {"method": method, "url": url}}
            if match:
                entry["request"]["ifMatch"] = match
            bundle["entry"].append(entry)
        code, _, content = self.node.curl("POST", "/fhir", json.dumps(bundle).encode())
        if code not in (200, 201):
            raise Broken(f"report of {case}: {code} {content.decode(errors='replace')[:400]}")
        number = request["identifier"][0]["value"]
        self.say(f"{number}: read as FHIR R4, accepted and reported (curl with a client certificate)")


def entries(value):
    """The list in what the client prints as JSON."""
    return value["entries"] if isinstance(value, dict) else value
