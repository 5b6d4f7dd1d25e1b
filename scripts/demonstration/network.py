"""Builds the network of the demonstration: policy, sites, people, nodes, gateways and hospital systems."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

from . import messages
from .hub import OFFICE, Hub, Member, Programs, free_port
from .terminal import wait

TOWN, COUNTY, CITY = "QS-TOWN", "LJ-COUNTY", "JZ-CITY"
NATIONAL, CHEST = "GZ-NATIONAL", "GF-NATIONAL"
SITES = [TOWN, COUNTY, CITY, NATIONAL, CHEST]

# Who is enrolled at each site beside its administrator: a person and, where a system takes part, a node.
PEOPLE = {
    TOWN: ("wang.xiulan", ["requester"]),
    COUNTY: ("he.zhiyuan", ["requester", "expert"]),
    CITY: ("shen.yawen", ["requester", "expert"]),
    NATIONAL: None,
    CHEST: ("luo.jing", ["expert"]),
}
NODES = {
    TOWN: ("gateway", ["requester"]),
    COUNTY: ("gateway", ["requester", "expert"]),
    CITY: ("interface", ["requester", "expert"]),
    NATIONAL: ("interface", ["requester", "expert"]),
    CHEST: None,
}
CHARSETS = {TOWN: "gb18030", COUNTY: "utf-8"}
DOCTORS = {
    COUNTY: [("何志远", "143132210020041", "0301"), ("梁素琴", "143132210020058", "0502")],
    CITY: [("沈雅文", "143130110030052", "0304")],
    NATIONAL: [("顾明远", "111010500010066", "0304")],
    CHEST: [("罗静", "143010300020073", "0405")],
}


def limits(lease, others):
    return {"lease": lease, "accept": others, "start": others, "report": others, "acknowledge": others}


def policy(lapse, others):
    """What the demonstration changes of the policy: `lapse` is the lease that is to run out."""
    return {
        "stat": limits("60s", others),
        "asap": limits(lapse, others),
        "urgent": limits(others, others),
        "routine": limits(others, others),
        "isDemonstration": True,
    }


class Network:
    def __init__(self, terminal, binaries, home):
        self.terminal = terminal
        self.home = home
        self.programs = Programs(binaries, home)
        self.hub = Hub(self.programs, os.path.join(home, "hub"), "demo")
        self.names = {site["id"]: site["name"] for site in json.loads(messages.text("sites.json"))}
        self.administrator = None
        self.people = {}
        self.nodes = {}
        self.site_administrators = {}
        self.gateway_ports = {}

    def member(self, principal):
        return Member(self.programs, self.hub, principal, os.path.join(self.home, "profiles", principal.replace("/", "-")))

    def set_policy(self, lapse, others):
        current = self.administrator.json("network", "policy", "show")
        changed = {**current, **policy(lapse, others)}
        path = os.path.join(self.home, "policy.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(changed, file, indent=2)
        self.administrator.run("network", "policy", "set", path)

    def found(self):
        say = self.terminal.say
        token = self.hub.init()
        say("hub", f"home made, with root, issuing authority, master key and recovery shares: {self.hub.home}")
        self.hub.serve()
        self.administrator = self.member(f"{OFFICE}/op/admin")
        self.administrator.enrol(token)
        say("hub", f"serving on {self.hub.endpoints['api']}; the administrator is enrolled")
        self.set_policy("6s", "5m")
        say("hub", "policy: the limits are shortened for this demonstration (asap leases 6 s, others 5 min, stat 60 s)")
        self.administrator.run("sites", "import", messages.path("sites.json"))
        say("hub", "imported: " + ", ".join(self.names[site] for site in SITES))

    def enrol(self):
        """Every site enrols its administrator, and the administrator the site's own people and systems."""
        with ThreadPoolExecutor(max_workers=3) as pool:
            list(pool.map(self._enrol_site, SITES))

    def _enrol_site(self, site):
        principal = f"{site}/op/admin"
        administrator = self.member(principal)
        administrator.enrol(self.administrator.invite(principal, "site-administrator"))
        self.site_administrators[site] = administrator
        enrolled = [principal]
        for table, members, kind in ((PEOPLE, self.people, "op"), (NODES, self.nodes, "node")):
            if table[site]:
                name, roles = table[site]
                principal = f"{site}/{kind}/{name}"
                members[site] = self.member(principal).enrol(administrator.invite(principal, *roles))
                enrolled.append(principal)
        if site in DOCTORS:
            register = [
                {"name": name, "licence": licence, "department": department}
                | {"validFrom": "2020-01-01", "validTo": "2035-12-31"}
                for name, licence, department in DOCTORS[site]
            ]
            path = os.path.join(self.home, f"doctors-{site}.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(register, file, ensure_ascii=False)
            administrator.run("doctors", "import", path)
        self.terminal.say(self.names[site], "enrolled " + ", ".join(p.split("/", 1)[1] for p in enrolled))

    # Hospital systems and their gateways.

    def received(self, site):
        return os.path.join(self.home, "his", site)

    def start_gateways(self):
        for site, charset in CHARSETS.items():
            his, gateway = free_port(), free_port()
            script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mllp.py")
            self.programs.start(
                f"his-{site}",
                ["python3", script, "--port", str(his), "--folder", self.received(site), "--charset", charset],
            )
            node = self.nodes[site]
            self.programs.start(
                f"gateway-{site}",
                [self.programs.path("consilium"), "gateway", "run"]
                + ["--listen", f"127.0.0.1:{gateway}", "--his", f"127.0.0.1:{his}", "--ready-file", self.ready_file(site)],
                node.environment,
            )
            self.gateway_ports[site] = gateway
        for site, charset in CHARSETS.items():
            wait(lambda site=site: os.path.exists(self.ready_file(site)), f"the gateway of {site}", 15)
            port = self.gateway_ports[site]
            self.terminal.say(self.names[site], f"gateway: MLLP from the hospital's system on port {port} ({charset})")

    def ready_file(self, site):
        return os.path.join(self.home, f"gateway-{site}.ready")

    def deliveries(self, site):
        """The messages that the site's hospital system has received so far, oldest first."""
        folder = self.received(site)
        found = []
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            if name.endswith(".hl7"):
                with open(os.path.join(folder, name), "rb") as file:
                    found.append(file.read())
        return found
