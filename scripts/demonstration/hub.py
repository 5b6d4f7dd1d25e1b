"""The hub's process, the members' profiles, and what runs under them: `consilium`, `curl`, gateways."""

import json
import os
import re
import signal
import socket
import subprocess
import time

from .terminal import Broken, wait

OFFICE = "HUB-OFFICE"
TOKEN = re.compile(r"consilium1\.[A-Za-z0-9_-]+")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Programs:
    """Starts programs with their output in files of the demonstration's home, and stops them all."""

    def __init__(self, binaries, home):
        self.binaries = binaries
        self.home = home
        self.running = []
        os.makedirs(os.path.join(home, "logs"), exist_ok=True)

    def path(self, name):
        return os.path.join(self.binaries, name)

    def start(self, name, arguments, environment=None):
        log = open(os.path.join(self.home, "logs", name + ".log"), "ab")
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
        log.close()
        self.running.append((name, process))
        return process

    def died(self):
        """The name of a program that ended although nobody stopped it."""
        for name, process in self.running:
            if process.poll() is not None:
                return f"{name} ended with status {process.returncode} (see {self.home}/logs/{name}.log)"
        return None

    def stop(self):
        for _, process in reversed(self.running):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        end = time.monotonic() + 10
        for _, process in self.running:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def pids(self):
        return [process.pid for _, process in self.running if process.poll() is None]


class Hub:
    def __init__(self, programs, home, network):
        self.programs = programs
        self.home = home
        self.network = network
        self.endpoints = None

    def init(self):
        """Makes the home; gives the administrator's token."""
        ports = []
        for listener in ("api", "console", "mllp", "ops"):
            ports += [f"--{listener}-port", str(free_port())]
        result = subprocess.run(
            [self.programs.path("consiliumd"), "init", "--home", self.home, "--network", self.network]
            + ["--host", "127.0.0.1", "--listen", "127.0.0.1", "--office", OFFICE, "--office-name", "协作网办公室"]
            + ["--office-telephone", "010-55500000", *ports],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        token = TOKEN.search(result.stdout + result.stderr)
        if result.returncode != 0 or not token:
            raise Broken(f"consiliumd init failed ({result.returncode}): {result.stdout}{result.stderr}")
        return token.group(0)

    def serve(self):
        self.programs.start("hub", [self.programs.path("consiliumd"), "serve", "--home", self.home])
        path = os.path.join(self.home, "run", "endpoints.json")

        def ready():
            if self.programs.died():
                raise Broken(self.programs.died())
            try:
                with open(path, encoding="utf-8") as file:
                    return json.load(file)
            except (OSError, ValueError):
                return None

        self.endpoints = wait(ready, "the hub's run/endpoints.json", 30)

    def port(self, listener):
        return int(self.endpoints[listener].rstrip("/").rsplit(":", 1)[1])


class Failed(Exception):
    """A command of the client that did not exit with 0."""

    def __init__(self, arguments, result):
        self.status = result.returncode
        self.text = (result.stdout + result.stderr).strip()
        super().__init__(f"consilium {' '.join(arguments)}: exit {result.returncode}: {self.text}")


class Member:
    """One enrolled principal: its profile folder, and the programs run under it."""

    def __init__(self, programs, hub, principal, home):
        self.programs = programs
        self.hub = hub
        self.principal = principal
        self.site = principal.split("/")[0]
        self.home = home

    @property
    def environment(self):
        return {"CONSILIUM_HOME": self.home, "LANG": "C.UTF-8", "NO_COLOR": "1"}

    def run(self, *arguments, data=None, check=True):
        """Runs `consilium ARGUMENTS`; gives its standard output."""
        result = subprocess.run(
            [self.programs.path("consilium"), *arguments],
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            text=True,
            env={**os.environ, **self.environment},
        )
        if check and result.returncode != 0:
            raise Failed(arguments, result)
        return result.stdout if check else result

    def json(self, *arguments):
        text = self.run(*arguments, "-o", "json")
        try:
            return json.loads(text)
        except ValueError as error:
            raise Broken(f"consilium {' '.join(arguments)} -o json printed no JSON: {text[:200]}") from error

    def enrol(self, token):
        self.run("enroll", "--no-passphrase", token)
        return self

    def invite(self, principal, *roles):
        """Invites a principal, of this site or, for the network's administrator, another's first; gives its token."""
        arguments = ["operators" if principal.startswith(self.site + "/") else "sites", "invite", principal]
        for role in roles:
            arguments += ["--role", role]
        text = self.run(*arguments)
        token = TOKEN.search(text)
        if not token:
            raise Broken(f"no token for {principal}: {text}")
        return token.group(0)

    def curl(self, method, path, body=None, kind="application/fhir+json", headers=()):
        """One request by `curl` with this principal's certificate; gives status, headers (lower case) and bytes."""
        command = ["curl", "--silent", "--show-error", "--max-time", "20", "--include", "--http1.1"]
        command += ["--cert", f"{self.home}/certificate.pem", "--key", f"{self.home}/key.pem"]
        command += ["--cacert", f"{self.home}/root.pem", "--request", method]
        for header in headers:
            command += ["--header", header]
        if body is not None:
            command += ["--header", f"Content-Type: {kind}", "--header", "Expect:", "--data-binary", "@-"]
        command.append(self.hub.endpoints["api"].rstrip("/") + path)
        result = subprocess.run(command, input=body if body is not None else b"", capture_output=True)
        if result.returncode != 0:
            raise Broken(f"curl {method} {path}: {result.stderr.decode()}")
        head, _, content = result.stdout.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = dict(line.split(":", 1) for line in lines[1:] if ":" in line)
        return int(lines[0].split()[1]), {k.strip().lower(): v.strip() for k, v in fields.items()}, content

    def get(self, path):
        """A resource or document by `curl`, as JSON."""
        status, _, content = self.curl("GET", path)
        if status != 200:
            raise Broken(f"GET {path}: {status} {content.decode(errors='replace')[:300]}")
        return json.loads(content)
