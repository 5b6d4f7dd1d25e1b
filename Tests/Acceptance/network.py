"""The hub and its members: founded with our own commands; what is tested afterwards uses public clients only."""

import json
import os
import re
import socket
import subprocess
import time

import messages

TOKEN = re.compile(r"consilium1\.[A-Za-z0-9_-]+")


class Failed(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(ask, what, seconds):
    """Asks again and again until the answer is not None."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = ask()
        if answer is not None:
            return answer
        time.sleep(0.05)
    raise Failed(f"waited {seconds} s for {what}")


class Network:
    def __init__(self, binaries, folder, namespace):
        self.binaries = binaries
        self.folder = folder
        self.namespace = namespace
        self.home = os.path.join(folder, "hub")
        self.process = None
        self.endpoints = None
        self.administrator = None
        self.members = {}

    def path(self, name):
        return os.path.join(self.binaries, name)

    def found(self):
        result = subprocess.run(
            [self.path("consiliumd"), "init", "--home", self.home, "--network", "acceptance.test"]
            + ["--host", self.namespace.hub, "--listen", self.namespace.hub, "--office", "OFFICE"]
            + [word for name in ("api", "console", "mllp", "ops") for word in (f"--{name}-port", str(free_port()))],
            capture_output=True,
            text=True,
        )
        token = TOKEN.search(result.stdout)
        if result.returncode != 0 or not token:
            raise Failed(f"consiliumd init: {result.stdout}{result.stderr}")
        with open(os.path.join(self.folder, "hub.log"), "ab") as log:
            self.process = subprocess.Popen(
                [self.path("consiliumd"), "serve", "--home", self.home], stdout=log, stderr=log
            )
        self.endpoints = wait(self._read_endpoints, "run/endpoints.json", 30)
        self.administrator = self._enrol("OFFICE/op/admin", token.group(0))
        self.administrator.run("sites", "import", self._file("sites.json", messages.SITES))
        current = self.administrator.json("network", "policy", "show")
        wall = {"lease": "30m", "accept": "1h", "start": "1h", "report": "2h", "acknowledge": "2h"}
        current.update(stat=wall, asap=wall, urgent=wall, routine=wall, isDemonstration=True)
        self.administrator.run("network", "policy", "set", self._file("policy.json", current))
        for principal, roles in (
            ("TOWN/node/gateway", ["requester"]),
            ("CITY/node/curl", ["requester"]),
            ("NATIONAL/node/curl", ["requester", "expert"]),
        ):
            site = principal.split("/")[0]
            boss = self._enrol(f"{site}/op/boss", self.administrator.invite(f"{site}/op/boss", "site-administrator"))
            self.members[principal] = self._enrol(principal, boss.invite(principal, *roles))
            if site == "NATIONAL":
                boss.run("doctors", "import", self._file("doctors.json", messages.DOCTORS))

    def _read_endpoints(self):
        if self.process.poll() is not None:
            raise Failed("consiliumd ended")
        try:
            with open(os.path.join(self.home, "run", "endpoints.json"), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return None

    def _file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
        return path

    def _enrol(self, principal, token):
        member = Member(self, principal)
        member.run("enroll", "--no-passphrase", token)
        return member

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Member:
    """One principal: its profile for our own client, its certificate and key for curl."""

    def __init__(self, network, principal):
        self.network = network
        self.principal = principal
        self.home = os.path.join(network.folder, principal.replace("/", "-"))
        self.environment = {**os.environ, "CONSILIUM_HOME": self.home, "LANG": "C.UTF-8", "NO_COLOR": "1"}

    def run(self, *arguments, data=None):
        result = subprocess.run(
            [self.network.path("consilium"), *arguments],
            input=data,
            stdin=None if data is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=self.environment,
            timeout=60,
        )
        if result.returncode != 0:
            raise Failed(f"consilium {' '.join(arguments)}: {result.returncode} {result.stdout}{result.stderr}")
        return result.stdout

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "-o", "json"))

    def invite(self, principal, *roles):
        noun = "operators" if principal.split("/")[0] == self.principal.split("/")[0] else "sites"
        flags = [word for role in roles for word in ("--role", role)]
        token = TOKEN.search(self.run(noun, "invite", principal, *flags))
        if not token:
            raise Failed(f"no token for {principal}")
        return token.group(0)

    def curl(self, method, path, body=None, headers=()):
        """One request by curl; gives status, headers in lower case, and the body's bytes."""
        command = ["curl", "--silent", "--show-error", "--max-time", "20", "--include", "--http1.1"]
        command += ["--cert", f"{self.home}/certificate.pem", "--key", f"{self.home}/key.pem"]
        command += ["--cacert", f"{self.home}/root.pem", "--request", method]
        for header in headers:
            command += ["--header", header]
        if body is not None:
            command += ["--header", "Content-Type: application/fhir+json", "--header", "Expect:", "--data-binary", "@-"]
        command.append(self.network.endpoints["api"] + path)
        result = subprocess.run(command, input=(body or "").encode(), capture_output=True)
        if result.returncode != 0:
            raise Failed(f"curl {method} {path}: {result.stderr.decode()}")
        head, _, content = result.stdout.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = (line.split(":", 1) for line in lines[1:] if ":" in line)
        return int(lines[0].split()[1]), {name.strip().lower(): value.strip() for name, value in fields}, content

    def get(self, path):
        status, _, content = self.curl("GET", path)
        if status != 200:
            raise Failed(f"GET {path}: {status} {content[:300]}")
        return json.loads(content)

    def put_task(self, task, status):
        """Updates an offer Task under the version that was read."""
        body = json.dumps({**task, "status": status})
        tag = task["meta"]["versionId"]
        code, _, content = self.curl("PUT", f"/fhir/Task/{task['id']}", body, headers=[f'If-Match: W/"{tag}"'])
        if code != 200:
            raise Failed(f"Task {task['id']} {status}: {code} {content[:300]}")
        return self.get(f"/fhir/Task/{task['id']}")
