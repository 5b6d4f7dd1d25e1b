"""The story that the demonstration tells, and what it promises on the way."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

from . import messages, mllp, requesters
from .governance import Auditor
from .network import CHEST, CITY, COUNTY, NATIONAL, TOWN
from .performers import COUNTY_OPINIONS, PersonWithClient, SystemWithFHIR, SystemWithHL7, entries
from .terminal import Broken, wait


class Story:
    def __init__(self, terminal, network):
        self.terminal, self.network = terminal, network
        self.guard = threading.Lock()
        self.ended = threading.Event()
        self.failures = []
        self.cases = {}
        self.numbers = {}
        self.doors = {}
        self.sites = {}
        self.sent = {}
        self.phases = {}
        self.parallel = None
        self.late_task = None
        self.records = {}

    # What the story knows of its cases.

    def submitted(self, case, number, site, door, data):
        with self.guard:
            self.cases[number] = case
            self.numbers[case] = number
            self.doors[case], self.sites[case], self.sent[number] = door, site, data

    def number(self, case):
        return self.numbers.get(case, case)

    def in_phase(self, phase, site):
        with self.guard:
            return [c for c, p in self.phases.items() if p == phase and self.sites.get(c) == site]

    def note_parallel(self, case):
        """Remembers to how many sites a stat case was offered at the same time."""
        if self.parallel is None:
            self.parallel = (case, list(self.offers(case)))

    def record(self, case):
        """A case as its requester sees it."""
        return self.network.people[self.sites[case]].json("show", case)

    def offers(self, case):
        """State of the offer by site; of several to one site, the last."""
        return {offer["site"]["code"]: offer["state"] for offer in self.record(case)["offers"]}

    def watch(self):
        """Follows the phase of every case through the queue of each requesting site."""
        while not self.ended.wait(0.3):
            try:
                for site in (TOWN, COUNTY, CITY):
                    with self.guard:
                        own = [case for case in self.numbers if self.sites[case] == site]
                    queue = entries(self.network.people[site].get("/network/queue"))
                    listed = {entry["case"]: entry["phase"] for entry in queue}
                    with self.guard:
                        # The queue holds open cases: one that has left it has ended.
                        self.phases.update({case: listed.get(case, "closed") for case in own})
            except Broken as error:
                self.failures.append(f"watching: {error}")
                return

    def check(self):
        if self.failures:
            raise Broken("; ".join(self.failures))
        if self.network.programs.died():
            raise Broken(self.network.programs.died())

    def command(self, member, *arguments, lines=14):
        """Shows a command of the client and what it prints."""
        output = member.run(*arguments).rstrip().splitlines()
        if len(output) > lines:
            output[lines:] = [f"… {len(output) - lines} more lines"]
        head = f"\n  $ consilium {' '.join(arguments)}        ({member.principal})"
        self.terminal.print("\n".join([head] + ["      " + line for line in output]))

    def until(self, condition, what, seconds=25.0):
        def checked():
            self.check()
            return condition()

        return wait(checked, what, seconds)

    # The scenes.

    def tell(self):
        self.terminal.scene("Five hospitals and a hub: real certificates, nothing beyond loopback")
        self.network.found()
        self.network.enrol()
        self.network.start_gateways()
        self.start_performers()
        threading.Thread(target=self.watch, daemon=True).start()

        self.terminal.scene("Requests in two formats through three doors")
        self.all_doors()
        self.duplicate_and_bad()
        self.stat()
        self.consent()
        self.terminal.scene("Declined, lapsed, moved on")
        self.decline_and_lapse()
        self.terminal.scene("Answered, delivered, closed")
        self.close_all()
        self.round_trip()
        self.corpus()
        self.ended.set()
        self.terminal.scene("What an auditor sees")
        auditor = Auditor(self)
        auditor.enrol()
        auditor.pull()
        auditor.generated_year()
        self.summary()

    def start_performers(self):
        performers = [
            SystemWithHL7(self),
            PersonWithClient(self, COUNTY, "何志远", "143132210020041", leaves=COUNTY_OPINIONS),
            PersonWithClient(self, CITY, "沈雅文", "143130110030052", declines={"0304"}, leaves_stat=True),
            SystemWithFHIR(self),
            PersonWithClient(self, CHEST, "罗静", "143010300020073", lets_lapse={"0303"}),
        ]
        for performer in performers:
            performer.start()
        say = self.terminal.say
        names = self.network.names
        say(names[COUNTY], "answers from its own system by HL7 v2, and with the client")
        say(names[CITY], "asks by FHIR; this morning its cardiologists decline")
        say(names[NATIONAL], "polls for offers by FHIR, with curl")
        say(names[CHEST], "has the client only; will let one lease lapse")
        # A stat request goes to live channels only: the first poll or look at the inbox opens them.
        self.until(lambda: all(performer.rounds for performer in performers), "every site to look for offers once")

    def all_doors(self):
        def guarded(work):
            def run():
                try:
                    work()
                except Exception as error:  # noqa: BLE001: whatever it is ends the story
                    self.failures.append(repr(error))

            return threading.Thread(target=run)

        doors = [
            guarded(lambda: requesters.by_gateway(self, TOWN, "township")),
            guarded(lambda: requesters.by_gateway(self, COUNTY, "county")),
            guarded(lambda: requesters.by_curl(self)),
            guarded(lambda: requesters.by_form(self)),
        ]
        for site in (TOWN, COUNTY, CITY):
            requesters.Closer(self, site).start()
        for door in doors:
            door.start()
        for door in doors:
            door.join()
        self.check()
        count = len(self.cases)
        kinds = {"HL7 v2": 0, "FHIR": 0, "form": 0}
        for door in self.doors.values():
            for kind in kinds:
                kinds[kind] += kind in door
        self.terminal.expect(
            "at least 20 requests, in two formats, through three doors",
            count >= 20 and all(kinds.values()),
            f"{count} cases: {kinds['HL7 v2']} by gateway (HL7 v2), {kinds['FHIR']} by curl (FHIR), "
            f"{kinds['form']} by consilium submit",
        )

    def duplicate_and_bad(self):
        source = messages.text("township", "01-respiratory.hl7")
        first = self.cases["QS2026-0001"]
        code, text, _, _ = requesters.send_hl7(self, TOWN, source, "QS-AGAIN-1", age=-60)
        self.terminal.expect(
            "one duplicate recognised (other MSH-7 and MSH-10, same request)",
            code == "AA" and text.endswith(first) and "already received" in text,
            f"{code} {text}",
        )
        source = messages.text("township", "bad-birth-date.hl7")
        code, text, reply, _ = requesters.send_hl7(self, TOWN, source, "QS-BAD-1")
        error = reply.decode("gb18030")
        line = next((s for s in error.split("\r") if s.startswith("ERR")), "")
        self.terminal.expect(
            "one bad message refused with its location",
            code in ("AE", "AR") and "PID" in line and "7" in line,
            f"{code}, {line}",
        )

    def stat(self):
        case = self.cases["QS2026-0006"]
        self.until(lambda: self.parallel, "the stat case to be offered")
        self.terminal.expect(
            "one stat case offered in parallel to three sites with a live channel",
            self.parallel[0] == case and len(self.parallel[1]) == 3,
            ", ".join(sorted(self.parallel[1])),
        )
        self.until(lambda: self.phases.get(case) in ("accepted", "in-session", "reported", "closed"), "its acceptance")
        offers = self.offers(case)
        accepted = [site for site, state in offers.items() if state == "accepted"]
        withdrawn = [site for site, state in offers.items() if state == "withdrawn"]
        self.terminal.expect(
            "the first acceptance won, the other offers were withdrawn",
            accepted == [COUNTY] and len(withdrawn) == 2,
            f"accepted by {accepted}, withdrawn at {withdrawn}",
        )
        if self.late_task:
            task = {**self.late_task, "status": "accepted"}
            node = self.network.nodes[NATIONAL]
            tag = f'If-Match: W/"{task["meta"]["versionId"]}"'
            status, _, content = node.curl("PUT", f"/fhir/Task/{task['id']}", json.dumps(task).encode(), headers=[tag])
            self.terminal.expect(
                "the late acceptance is refused with a code",
                status in (404, 409, 410, 412) and b"OperationOutcome" in content,
                f"{status}",
            )

    def consent(self):
        case = self.cases["QS2026-0005"]
        self.until(lambda: self.phases.get(case) == "info-needed", "the case without consent to wait", 5)
        record = self.record(case)
        self.terminal.expect(
            "one case waits for consent, and was offered to nobody",
            record["facts"]["phase"] == "info-needed" and not record["offers"],
            f"{self.number(case)}: {record['facts']['phase']}, {record['facts']['gaps']}",
        )
        person = self.network.people[TOWN]
        person.run("consent", "attach", case, "--basis", "written", "--reference", "QS-TY-2026-0035")
        self.terminal.say(self.network.names[TOWN], f"{self.number(case)}: consent attached, archive number recorded")
        self.until(lambda: self.phases.get(case) != "info-needed", "the case to move on after consent", 5)
        self.terminal.expect("after consent it moved on", True, self.phases[case])

    def decline_and_lapse(self):
        declined, lapsed = self.cases["QS2026-0003"], self.cases["QS2026-0004"]
        ended = ("reported", "closed")
        self.until(lambda: self.phases.get(declined) in ended, "the declined case to be answered elsewhere")
        offers = self.offers(declined)
        self.terminal.expect(
            "one decline re-routed",
            offers.get(CITY) == "declined" and offers.get(NATIONAL) == "accepted",
            json.dumps(offers),
        )
        self.until(lambda: self.phases.get(lapsed) in ended, "the lapsed case to be answered elsewhere")
        offers = self.offers(lapsed)
        self.terminal.expect(
            "one lease lapsed and moved on",
            offers.get(CHEST) == "lapsed" and offers.get(NATIONAL) == "accepted",
            json.dumps(offers),
        )
        self.command(self.network.people[TOWN], "why", lapsed)
        self.command(self.network.people[TOWN], "why-not", declined, COUNTY)

    def close_all(self):
        def open_cases():
            with self.guard:
                return [n for n, c in self.cases.items() if self.phases.get(c) != "closed"]

        self.until(lambda: not open_cases(), "every case to be closed", 40)
        with ThreadPoolExecutor(max_workers=3) as pool:
            self.records = dict(zip(self.cases, pool.map(self.record, self.cases.values())))
        ends = [record["facts"]["closure"] for record in self.records.values()]
        self.terminal.expect(
            "every case submitted, routed, answered and closed by a person at the requester",
            all(end == "adopted" for end in ends),
            f"{len(ends)} cases",
        )

    def round_trip(self):
        number = "QS2026-0001"
        sent = self.sent[number]

        def of(site, kind, charset):
            for message in self.network.deliveries(site):
                if mllp.field(message, "MSH", 9, charset).startswith(kind) and number.encode() in message:
                    return message
            return None

        report = self.until(lambda: of(TOWN, "ORU", "gb18030"), "the report at the township's system")
        answer = self.until(lambda: of(TOWN, "RRI", "gb18030"), "the acceptance at the township's system")
        referral = of(COUNTY, "REF", "utf-8")

        # Fields are taken after decoding (in GB18030 the trail byte of 珅 is a field separator) and compared as the
        # bytes that GB18030 gives them.
        def part(message, name, index, component=1):
            components = mllp.field(message, name, index, "gb18030").split("~")[0].split("^")
            return components[component - 1].encode("gb18030")

        name, reason = part(sent, "PID", 5), part(sent, "RF1", 10, 2)
        opinion = COUNTY_OPINIONS[number][0].encode("gb18030")
        self.terminal.expect(
            "GB18030 round trip byte for byte: number, name, reason and opinion in what came back",
            part(report, "PID", 3) == part(sent, "PID", 3)
            and part(report, "PID", 5) == name
            and part(answer, "RF1", 10, 2) == reason
            and b"|" + opinion + b"|" in report
            and b"\x8f\x88\xab\x7c" == name,
            f"PID-5 is {name.hex(' ')}, RF1-10 {len(reason)} bytes, OBX-5 {len(opinion)} bytes",
        )
        source = sent.decode("gb18030")
        notes = [s.split("|")[3].encode("gb18030") for s in source.split("\r") if s.startswith("NTE|")]
        there = referral.decode("utf-8").encode("gb18030")
        self.terminal.expect(
            "the same request reached the county in UTF-8, with reason and notes unchanged",
            reason in there and len(notes) == 2 and all(note in there for note in notes),
            f"{len(sent)} bytes in GB18030, {len(referral)} in UTF-8",
        )

    def corpus(self):
        found = list(messages.corpus())
        if not found:
            return
        self.terminal.scene("REF^I12 messages of the shared corpus, as if the county's system had sent them")
        for name, data in found:
            lines = [line for line in data.replace(b"\n", b"\r").split(b"\r") if line]
            head = lines[0].split(b"|")
            head[3] = COUNTY.encode()
            lines[0] = b"|".join(head)
            reply = mllp.send(self.network.gateway_ports[COUNTY], b"\r".join(lines) + b"\r").decode("utf-8", "replace")
            code = reply.split("\rMSA|")[1].split("|")[0]
            text = reply.split("\rMSA|")[1].split("\r")[0].split("|")
            where = next((s for s in reply.split("\r") if s.startswith("ERR")), "")
            self.terminal.say(name, f"{code} {text[2] if len(text) > 2 else ''} {where}")
            if code not in ("AA", "AE", "AR"):
                raise Broken(f"{name}: {reply}")

    def summary(self):
        terminal, network = self.terminal, self.network
        terminal.scene("The end, as the members see it")
        self.command(network.administrator, "queue")
        self.command(network.people[TOWN], "deliveries", "list", "--state", "done", lines=8)
        self.command(network.people[TOWN], "show", self.cases["QS2026-0001"], "--access")
        terminal.scene("Every request, and the way it took")
        rows = []
        for number, record in sorted(self.records.items()):
            way = ", ".join(f"{offer['site']['code']} {offer['state']}" for offer in record["offers"])
            facts = record["facts"]
            rows.append(f"  {number:<12} {facts['priority']:<8} {self.doors[self.cases[number]]:<24} {way}")
        terminal.print("\n".join(rows))
        terminal.scene("What was promised")
        for what, holds in terminal.expected:
            terminal.print(f"  {'ok ' if holds else 'NOT'}  {what}")

