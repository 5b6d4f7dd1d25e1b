"""A hospital inside its namespace: its sender and its receiver are public programs, the gateway is ours."""

import os
import subprocess
import sys

import messages
from network import free_port, wait


class Hospital:
    def __init__(self, network, folder):
        self.network = network
        self.folder = folder
        self.namespace = network.namespace
        self.gateway_port = free_port()
        self.his_port = free_port()
        self.gateway = None
        self.his = None
        self.inbox = os.path.join(folder, "his")
        self.ready = os.path.join(folder, "gateway.ready")
        self.sent = 0

    def _start(self, name, command, environment=None):
        with open(os.path.join(self.folder, name + ".log"), "ab") as log:
            return subprocess.Popen(
                self.namespace.command(*command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
            )

    def start(self):
        os.makedirs(self.inbox, exist_ok=True)
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "receiver.py")
        self.his = self._start("his", [sys.executable, script, str(self.his_port), self.inbox])
        self.keep_gateway()

    def keep_gateway(self):
        """Starts the gateway unless it runs, as a service manager would."""
        if self.gateway and self.gateway.poll() is None:
            return
        if os.path.exists(self.ready):
            os.remove(self.ready)
        member = self.network.members["TOWN/node/gateway"]
        self.gateway = self._start(
            "gateway",
            [self.network.path("consilium"), "gateway", "run", "--listen", f"127.0.0.1:{self.gateway_port}"]
            + ["--his", f"127.0.0.1:{self.his_port}", "--ready-file", self.ready],
            member.environment,
        )
        wait(lambda: os.path.exists(self.ready) or None, "the gateway", 30)

    def kill_gateway(self):
        if self.gateway and self.gateway.poll() is None:
            self.gateway.kill()
            self.gateway.wait()

    def mllp_send(self, message):
        """Sends one message with `mllp_send`; gives acknowledgement code and text, None without an answer."""
        self.sent += 1
        path = os.path.join(self.folder, "outgoing.hl7")
        with open(path, "wb") as file:
            file.write(b"\x0b" + message + b"\x1c\r")
        program = os.path.join(os.path.dirname(sys.executable), "mllp_send")
        command = [program, "--file", path, "--port", str(self.gateway_port), "127.0.0.1"]
        try:
            result = subprocess.run(self.namespace.command(*command), capture_output=True, timeout=6)
        except subprocess.TimeoutExpired:
            return None
        answer = messages.acknowledgement(result.stdout)
        return answer if result.returncode == 0 else None

    def _files(self):
        for name in sorted(os.listdir(self.inbox)):
            if name.endswith(".hl7"):
                with open(os.path.join(self.inbox, name), "rb") as file:
                    yield file.read()

    def received(self):
        """What the hospital's system holds, by control id; the same id with other bytes is a failure of its own."""
        found = {}
        for content in self._files():
            text = content.decode("gb18030")
            control = text.split("\r")[0].split("|")[9]
            if found.setdefault(control, text) != text:
                raise ValueError(f"control id {control} came with two contents")
        return found

    def repeated(self):
        return sum(1 for _ in self._files()) - len(self.received())

    def stop(self):
        for process in (self.gateway, self.his):
            if process and process.poll() is None:
                process.kill()
                process.wait()
