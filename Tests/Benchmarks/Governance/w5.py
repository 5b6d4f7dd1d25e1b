"""W5: the governance figures of a quarter over ledgers of several sizes, beside SQL in SQLite and in DuckDB.

Prints the section of BENCHMARKS.md; exits 1 when a value differs between the four ways to it. `scripts/bench W5` runs it.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PERIOD = "2025-Q3"
FIRST, AFTER = 20_270, 20_362  # 2025-07-01 and 2025-10-01
SITES = 100


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(arguments, **options):
    """Standard output, wall seconds, CPU seconds, peak resident KiB of one process and what it started."""
    began = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"exit {process.returncode}: {' '.join(arguments)}")
    return output.decode(), time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def spread(values, digits=2, factor=1.0):
    values = [value * factor for value in values]
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def load():
    with open("/proc/loadavg", encoding="ascii") as file:
        return " ".join(file.read().split()[:3])


def first_line(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip().splitlines()[0]
    except (OSError, IndexError):
        return "unknown"


def conditions():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "machine": f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}",
        "swift": first_line("swift", "--version"),
        "commit": first_line("git", "-C", HERE, "rev-parse", "--short", "HEAD"),
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "load": load(),
    }


def differences(ours, theirs):
    """What is not equal, by name; quantiles may differ in the last bits of their interpolation."""
    found = []
    for name, share in sorted(ours["shares"].items()):
        if theirs["shares"].get(name) != share:
            found.append(f"{name}: {share} and {theirs['shares'].get(name)}")
    for site in sorted(set(ours["waits"]) | set(theirs["waits"])):
        a, b = ours["waits"].get(site), theirs["waits"].get(site)
        if a is None or b is None or a["accepted"] != b["accepted"] or abs(a["p95"] - b["p95"]) > 1e-6:
            found.append(f"wait of {site}: {a} and {b}")
    return found


class Size:
    """What was measured at one size."""

    def __init__(self, records):
        self.records = records
        # The same volume a month at every size: more records are a longer history.
        self.months = min(120, max(12, 12 * records // 1_000_000))
        self.generation = None
        self.times = {}
        self.figures = {}
        self.wrong = []

    def note(self, name, *values):
        self.times.setdefault(name, []).extend(values)

    def generate(self, consilium, folder):
        if os.path.exists(f"{folder}/ledger.db"):
            say(f"{folder} is there already")
        else:
            say(f"generating {self.records:,} records in {folder}")
            start = f"{2026 - self.months // 12}-01"
            output, wall, _, peak = run(
                [consilium, "simulate", "--seed", "5", "--sites", str(SITES), "--months", str(self.months)]
                + ["--start", start, "--records", str(self.records), "--ledger", folder, "-o", "json"]
            )
            self.generation = (json.loads(output)["records"] / wall, wall, peak / 1024)
        self.bytes = os.path.getsize(f"{folder}/ledger.db")

    def measure(self, options, folder, rounds):
        scratch = f"{options.scratch}/duckdb"
        for number in range(rounds):
            say(f"{self.records:,}: round {number + 1}, load {load()}")
            scorecard = ["governance", "scorecard", "--period", PERIOD, "--ledger", folder, "-o", "json"]
            for name, arguments in (("version", ["--version"]), ("scorecard", scorecard)):
                if options.consilium:
                    _, wall, cpu, _ = run([options.consilium] + arguments)
                    self.note(name, wall)
                    self.note(name + " CPU", cpu)
            reading = json.loads(run([options.bench, "counters", folder, PERIOD, "3"])[0])
            for name in ("quarter", "twelveMonths", "report", "firstReport"):
                self.note(name, *reading[name]["wall"])
                self.note(name + " CPU", *reading[name]["cpu"])
            self.figures = reading
            output, wall, cpu, peak = run([options.bench, "recompute", folder, PERIOD])
            recomputed = json.loads(output)
            self.note("recompute", recomputed["seconds"])
            self.note("recompute CPU", recomputed["cpuSeconds"])
            self.note("recompute MiB", peak / 1024)
            if recomputed["values"] != reading["values"]:
                self.wrong.append("the counters and the events differ")
            if number == 0:
                run([sys.executable, f"{HERE}/aggregate.py", folder, "0", "0", "export", scratch])
            is_compared = number == 0 or self.records <= options.sql_limit
            for way in ("sqlite", "duckdb-records", "duckdb-flat") if is_compared else ():
                runs = "3" if way == "duckdb-flat" else "1"
                command = [sys.executable, f"{HERE}/aggregate.py", folder, str(FIRST), str(AFTER), way, scratch, runs]
                output, _, _, peak = run(command)
                result = json.loads(output)
                self.note(way, *result["seconds"])
                self.note(way + " CPU", *result["cpu"])
                self.note(way + " MiB", peak / 1024)
                self.wrong += [f"{way}: {line}" for line in differences(reading["values"], result["values"])]
            for name in os.listdir(scratch):
                if name.startswith(("scratch", "flat")):
                    os.unlink(f"{scratch}/{name}")


def table(head, rows):
    lines = [head, ["---"] * len(head)] + rows
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def report(sizes, start, options):
    import duckdb
    import sqlite3

    records = {size.records: size.figures["values"]["records"] for size in sizes}
    print("## W5: governance figures of a quarter\n")
    print(
        f"All measures of {PERIOD} over generated ledgers of {SITES} sites with the same volume in every month, so that "
        "more\nrecords are a longer history: from the counts that the ledger keeps, counted anew from every event, and "
        "the same\naggregation as SQL in SQLite (its JSON functions over the ledger's own rows) and in DuckDB (over the "
        "text of the\nrecords, and over one flat row an event, decoded beforehand).\n"
    )
    print(f"- Command: `make bench W=W5`; {options.rounds} rounds, interleaved; medians, in brackets smallest and largest.")
    print(f"- Machine: {start['machine']}; load average {start['load']} before and {load()} after.{options.note}")
    print(
        f"- Versions: commit {start['commit']}, {start['swift']}, DuckDB {duckdb.__version__} with 2 threads, "
        f"SQLite {sqlite3.sqlite_version}."
    )
    print(f"- Date: {start['date']}.\n")
    print(
        table(
            ["records", "months", "file GiB", "generated a second", "rows of counts, quarter", "12 months"],
            [
                [f"{records[s.records]:,}", str(s.months), f"{s.bytes / 2**30:.2f}"]
                + [f"{s.generation[0]:,.0f}" if s.generation else "–"]
                + [f"{s.figures['rows']:,}", f"{s.figures['rowsOfTwelveMonths']:,}"]
                for s in sizes
            ],
        )
    )
    print("\nFrom the counters; a report also needs the eleven months before for its trends:\n")
    rows = []
    for s in sizes:
        for name, title in (
            ("quarter", "counts of the quarter"),
            ("twelveMonths", "counts of 12 months"),
            ("report", "the whole report of the quarter, by a hub"),
            ("firstReport", "the same with all registers folded first, as of a copy"),
        ):
            rows.append([f"{records[s.records]:,}", title, spread(s.times[name], 1), spread(s.times[name + " CPU"], 1)])
        for name, title in (
            ("scorecard", "`consilium governance scorecard -o json`, whole process"),
            ("version", "of it what `consilium --version` takes"),
        ):
            if name in s.times:
                took = [spread(s.times[name + kind], 1, 1_000) for kind in ("", " CPU")]
                rows.append([f"{records[s.records]:,}", title] + took)
    print(table(["records", "what", "ms", "CPU ms"], rows))
    print(
        "\nCounted anew, every record checked against its hash (every figure of every stratum; the SQL checks nothing and "
        "counts\nonly nine shares and the p95 of each site's wait):\n"
    )
    rows = []
    for s in sizes:
        for name, title in (
            ("recompute", "`--recompute`"),
            ("sqlite", "SQLite, records as JSON"),
            ("duckdb-records", "DuckDB, records as JSON"),
            ("duckdb-flat", "DuckDB, flat Parquet"),
        ):
            if name not in s.times:
                continue
            took = s.times[name]
            rate = [records[s.records] / seconds for seconds in took]
            row = [f"{records[s.records]:,}", title, spread(took), spread(s.times[name + " CPU"])]
            rows.append(row + [spread(rate, 0), spread(s.times[name + " MiB"], 0)])
    print(table(["records", "way", "seconds", "CPU seconds", "records a second", "peak MiB"], rows))
    print()
    verdicts(sizes)


def verdicts(sizes):
    lines = []

    def check(name, isMet, value):
        lines.append(f"{'PASS' if isMet else 'MISS'}  {name}: {value}")

    for s in sizes:
        size = f"{s.records:,} records"
        for name, title in (
            ("report", "by a hub"),
            ("report CPU", "by a hub, CPU time"),
            ("firstReport", "of a copy"),
            ("firstReport CPU", "of a copy, CPU time"),
        ):
            took = s.times[name]
            title = f"{size}, all measures from the counters {title}, ms, under 1,000"
            check(title, statistics.median(took) < 1_000, spread(took, 0))
        read = statistics.median(s.times["quarter"])
        check(f"goal: {size}, counts of the quarter, ms, at most 10", read <= 10, spread(s.times["quarter"], 1))
        for way in ("duckdb-records", "duckdb-flat"):
            if way in s.times:
                # By CPU time, which other programs on the machine change least.
                ratio = [statistics.median(s.times[way + " CPU"]) / took for took in s.times["recompute CPU"]]
                name = f"{size}, recomputation's rate to that of {way}, by CPU time, at least 0.5"
                check(name, statistics.median(ratio) >= 0.5, spread(ratio, 3))
        if "sqlite" in s.times:
            check(f"{size}, values of four ways equal", not s.wrong, "; ".join(s.wrong[:5]) or "all")
    if len(sizes) > 1:
        for name, title in (("quarter", "counts of the quarter"), ("report", "report of the quarter by a hub")):
            ratio = statistics.median(sizes[-1].times[name]) / statistics.median(sizes[0].times[name])
            check(f"{title}, largest ledger to smallest, at most 1.25", ratio <= 1.25, f"{ratio:.2f}")
    print("```\n" + "\n".join(lines) + "\n```")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--consilium", help="without it the ledgers are to be there, and no process is timed")
    parser.add_argument("--bench", required=True)
    parser.add_argument("--scratch", required=True)
    parser.add_argument("--sizes", default="1000000,10000000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sql-limit", type=int, default=1_000_000, help="of larger ledgers SQL runs in one round")
    parser.add_argument("--keep", action="store_true", help="leave the ledgers, and use those that are there")
    parser.add_argument("--note", default="", help="what else is to be said of the machine")
    options = parser.parse_args()
    os.makedirs(f"{options.scratch}/duckdb", exist_ok=True)
    start = conditions()
    sizes = []
    for records in (int(size) for size in options.sizes.split(",")):
        folder = f"{options.scratch}/{records}"
        size = Size(records)
        size.generate(options.consilium, folder)
        size.measure(options, folder, options.rounds)
        sizes.append(size)
        with open(f"{options.scratch}/w5.json", "w", encoding="utf-8") as file:
            json.dump([{"records": s.records, "times": s.times, "figures": s.figures} for s in sizes], file)
        if not options.keep:
            shutil.rmtree(folder)
    shutil.rmtree(f"{options.scratch}/duckdb")
    report(sizes, start, options)
    wrong = [line for size in sizes for line in size.wrong]
    for line in wrong[:20]:
        say(f"DIFFERENT: {line}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
