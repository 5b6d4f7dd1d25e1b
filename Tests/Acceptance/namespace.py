"""A network namespace for one hospital: it reaches the hub's address, and nothing reaches it."""

import os
import socket
import subprocess


class Namespace:
    def __init__(self):
        number = os.getpid() % 250
        self.name = f"consilium-{os.getpid()}"
        self.outside, self.inside = f"cs{os.getpid() % 100000}o", f"cs{os.getpid() % 100000}i"
        self.hub = f"10.213.{number}.1"
        self.hospital = f"10.213.{number}.2"
        self.made = False

    def _ip(self, *arguments):
        subprocess.run(["ip", *arguments], check=True, capture_output=True)

    def make(self):
        self._ip("netns", "add", self.name)
        self.made = True
        self._ip("link", "add", self.outside, "type", "veth", "peer", "name", self.inside)
        self._ip("link", "set", self.inside, "netns", self.name)
        self._ip("addr", "add", f"{self.hub}/30", "dev", self.outside)
        self._ip("link", "set", self.outside, "up")
        self._ip("-n", self.name, "addr", "add", f"{self.hospital}/30", "dev", self.inside)
        self._ip("-n", self.name, "link", "set", self.inside, "up")
        self._ip("-n", self.name, "link", "set", "lo", "up")
        rules = (
            "table inet inbound { chain input { type filter hook input priority 0; policy drop; "
            "iif lo accept; ct state established,related accept; }; };\n"
        )
        subprocess.run(self.command("nft", "-f", "-"), input=rules.encode(), check=True, capture_output=True)

    def command(self, *arguments):
        """A command line that runs inside."""
        return ["ip", "netns", "exec", self.name, *arguments]

    def link(self, is_up):
        self._ip("link", "set", self.outside, "up" if is_up else "down")
        if is_up:
            # The address of a link that was down is gone from some kernels' routes until it is set again.
            subprocess.run(["ip", "addr", "replace", f"{self.hub}/30", "dev", self.outside], capture_output=True)

    def refuses_inbound(self, port):
        with socket.socket() as probe:
            probe.settimeout(1)
            try:
                probe.connect((self.hospital, port))
                return False
            except OSError:
                return True

    def remove(self):
        if self.made:
            subprocess.run(["ip", "link", "del", self.outside], capture_output=True)
            subprocess.run(["ip", "netns", "del", self.name], capture_output=True)
            self.made = False
