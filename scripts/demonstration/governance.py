"""The end of the story: an auditor pulls what just happened, and the picture of a generated year."""

import os
from datetime import datetime, timedelta

from .hub import OFFICE


class Auditor:
    """Sees counts and references, never a patient."""

    def __init__(self, story):
        self.story, self.network, self.terminal = story, story.network, story.terminal
        self.person = None

    def enrol(self):
        principal = f"{OFFICE}/op/auditor"
        self.person = self.network.member(principal).enrol(self.network.administrator.invite(principal, "auditor"))
        self.terminal.say("auditor", f"{principal} is enrolled: counts and references, no patient")

    def pull(self):
        # The hub's own clock, in the network's civil time, says which month it is.
        now = datetime.fromisoformat(self.person.get("/network")["hubTime"].replace("Z", "+00:00"))
        period = (now + timedelta(hours=8)).strftime("%Y-%m")
        self.story.command(self.person, "governance", "adopt", "1")
        self.story.command(self.person, "governance", "scorecard", "--period", period, lines=44)
        drill = self.person.json("governance", "drill", "MC1", "--period", period)
        reference = drill["cases"][0]["reference"]
        self.story.command(self.person, "governance", "drill", "MC1", "--period", period, "--limit", "3")
        self.story.command(self.person, "governance", "drill", "MC1", "--period", period, "--case", reference)
        printed = self.person.run("governance", "scorecard", "--period", period, "-o", "json")
        report = self.person.json("governance", "scorecard", "--period", period)
        requests = next(line for line in report["measures"] if line["id"] == "MC1")
        words = self.person.run("governance", "scorecard", "--period", period)
        self.terminal.expect(
            "the scorecard of what just happened says where n is too small: too few, and not shown",
            "too few (" in words and "not shown" in words and report["triangle"].get("index") is None,
            f"{words.count('too few (')} measures with too few, {words.count('not shown')} times not shown",
        )
        self.terminal.expect(
            "the auditor's counts are those of the story, and what is too few says so",
            requests["denominator"] >= len(self.story.records) and requests["standing"] == "too-few",
            f"requests with a choice: {requests['numerator']} of {requests['denominator']}, {requests['standing']}",
        )
        self.terminal.expect(
            "no request number of the story is in the report",
            not any(number in printed for number in self.story.cases),
            f"{len(printed)} bytes, {len(self.story.cases)} numbers",
        )

    def generated_year(self):
        """A year that nobody lived, from a ledger with no hub and no keys."""
        ledger = os.path.join(self.network.home, "generated")
        self.story.command(
            self.person, "simulate", "--sites", "30", "--months", "12", "--cases", "10", "--seed", "1", "--ledger", ledger
        )
        of_year = ["--period", "2025", "--ledger", ledger]
        self.story.command(self.person, "governance", "triangle", *of_year, lines=44)
        drawn = self.person.run("governance", "triangle", *of_year)
        bars = [line.count("█") for line in drawn.splitlines() if "█" in line]
        self.terminal.expect(
            "the triangle picture of a generated year, marked as generated",
            len(bars) == 5 and max(bars) == 48 and drawn.startswith("*** GENERATED HISTORY"),
            f"{len(bars)} tiers",
        )
        self.pages(of_year)
        pull = ["governance", "scorecard", *of_year, "-o", "json"]
        kept, anew = self.person.run(*pull), self.person.run(*pull, "--recompute")
        self.terminal.expect(
            "kept counts and every event give the same report, byte for byte", kept == anew, f"{len(anew)} bytes"
        )

    def pages(self, of_year):
        """The same year as a page for a browser, in either language."""
        for language in ("en", "zh"):
            page = os.path.join(self.network.home, f"scorecard-2025-{language}.html")
            self.person.run("governance", "scorecard", *of_year, "-o", "html", "--lang", language, "--file", page)
            with open(page, encoding="utf-8") as file:
                text = file.read()
            self.terminal.expect(
                f"its scorecard as a page with the triangle picture ({language})",
                'id="triangle-picture' in text and f'lang="{language}' in text,
                f"{page}, {len(text)} characters",
            )
        self.terminal.say("auditor", "the pages stay with KEEP=1, and go with everything else without it")
