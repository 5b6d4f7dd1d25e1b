"""What the demonstration says, and what it expects."""

import os
import sys
import threading
import time


class Terminal:
    """Prints lines with the seconds since the start; one writer at a time."""

    def __init__(self):
        self.start = time.monotonic()
        self.lock = threading.Lock()
        self.colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.expected = []

    def paint(self, text, code):
        return f"\033[{code}m{text}\033[0m" if self.colours else text

    def seconds(self):
        return time.monotonic() - self.start

    def print(self, text=""):
        with self.lock:
            print(text, flush=True)

    def scene(self, title):
        self.print()
        self.print(self.paint(f"── {title}", "1"))

    def say(self, who, text):
        self.print(f"{self.seconds():6.1f} s  {self.paint(who, '36')}  {text}")


    def expect(self, what, holds, detail=""):
        """Notes a promise of the demonstration; the first broken one ends it."""
        self.expected.append((what, bool(holds)))
        mark = self.paint("ok", "32") if holds else self.paint("BROKEN", "31")
        self.print(f"{self.seconds():6.1f} s  {mark}  {what}" + (f": {detail}" if detail else ""))
        if not holds:
            raise Broken(f"{what}: {detail}")


class Broken(Exception):
    """Something did not go as the demonstration promises."""


def wait(condition, what, seconds=20.0, pause=0.1):
    """Waits until `condition()` gives something true, and gives that; raises `Broken` when it takes too long."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Broken(f"after {seconds:.0f} s still waiting: {what}")
        time.sleep(pause)
