"""The measures of a quarter as plain SQL over a ledger's records, in SQLite over the ledger itself and in DuckDB over an
export: what the definitions of DOMAIN.md section 3 say, written a second time and independently of the program.

usage: aggregate.py LEDGER FIRST_DAY DAY_AFTER sqlite|export|duckdb-records|duckdb-flat [EXPORT_FOLDER] [RUNS]

Days are counted from 1970-01-01, in the network's civil time (UTC+8). Prints JSON: seconds of each run, and the values.
"""

import json
import resource
import sqlite3
import sys
import time

OFFSET_MINUTES = 480
DAY = 86_400_000

# Of each event what the measures need, from the record's text: a name and its path in the record.
FIELDS = [
    ("site", "facts.requester.site"),
    ("tier", "facts.requester.tier"),
    ("priority", "facts.priority"),
    ("eligible", "facts.decision.eligible"),
    ("reason", "facts.reason"),
    ("credential", "facts.credential"),
    ("case_version", "facts.caseVersion"),
    ("disposition", "facts.disposition"),
    ("result", "facts.result"),
    ("place_tier", "facts.place.tier"),
]

# A case in one row; `e` is one event in one row. The same text for both programs.
CASES = """
CREATE TEMP TABLE c AS SELECT case_id,
    max(CASE WHEN type = 'submitted' THEN time END) AS submitted_at,
    max(CASE WHEN type = 'submitted' THEN site END) AS site,
    max(CASE WHEN type = 'submitted' THEN tier END) AS tier,
    max(CASE WHEN type = 'submitted' THEN missing END) AS missing,
    max(CASE WHEN priority = 'stat' THEN 1 ELSE 0 END) AS ever_stat,
    max(CASE WHEN type = 'accepted' THEN seq END) AS accepted_seq,
    max(CASE WHEN type = 'accepted' THEN time END) AS accepted_at,
    max(CASE WHEN type = 'failed' THEN seq END) AS failed_seq,
    min(CASE WHEN eligible IS NOT NULL THEN seq END) AS decided_seq,
    max(CASE WHEN type = 'reported' THEN seq END) AS reported_seq,
    max(CASE WHEN type = 'closed' THEN time END) AS closed_at,
    max(CASE WHEN type = 'priced' THEN seq END) AS priced_seq,
    sum(CASE WHEN type = 'settlement-disputed' THEN lines ELSE 0 END) AS disputed,
    max(CASE WHEN type = 'entered-in-error' THEN 1 ELSE 0 END) AS void
FROM e GROUP BY case_id
"""
STANDING = [
    "DELETE FROM c WHERE void = 1",
    # An acceptance whose session failed is none, until the case is accepted again.
    "UPDATE c SET accepted_seq = NULL, accepted_at = NULL WHERE failed_seq > accepted_seq",
]

RANK = "CASE {0} WHEN 'primary' THEN 0 WHEN 'county' THEN 1 WHEN 'municipal' THEN 2 WHEN 'provincial' THEN 3 ELSE 4 END"
IN = "BETWEEN {first} AND {last}"
WINDOW = 30 * DAY
OUTCOME_FROM = 14 * DAY

SHARES = {
    "AC1": f"""SELECT sum(CASE WHEN accepted_at - submitted_at <= 600000 THEN 1 ELSE 0 END), count(*) FROM c
        WHERE ever_stat = 1 AND submitted_at {IN}""",
    "MC1": f"""SELECT sum(CASE WHEN d.eligible >= 2 THEN 1 ELSE 0 END), count(*) FROM c
        LEFT JOIN e d ON d.case_id = c.case_id AND d.seq = c.decided_seq WHERE c.submitted_at {IN}""",
    "AC3": f"""SELECT sum(CASE WHEN e.type = 'lapsed' OR e.reason IS NOT NULL THEN 1 ELSE 0 END), count(*)
        FROM e JOIN c ON c.case_id = e.case_id WHERE e.type IN ('declined', 'lapsed') AND e.time {IN}""",
    "AC3-silent": f"""SELECT sum(CASE WHEN e.type = 'lapsed' THEN 1 ELSE 0 END), count(*)
        FROM e JOIN c ON c.case_id = e.case_id WHERE e.type IN ('declined', 'lapsed') AND e.time {IN}""",
    "GR3": f"""SELECT sum(CASE WHEN r.case_version <= r.seq - 1 THEN 1 ELSE 0 END), count(*)
        FROM c JOIN e r ON r.case_id = c.case_id AND r.seq = c.reported_seq
        WHERE c.accepted_seq IS NOT NULL AND r.time {IN}""",
    "PMR2": f"""SELECT sum(CASE WHEN r.credential = 'valid' THEN 1 ELSE 0 END), count(*)
        FROM c JOIN e r ON r.case_id = c.case_id AND r.seq = c.reported_seq
        WHERE c.accepted_seq IS NOT NULL AND r.time {IN}""",
    "FMR3": f"""SELECT sum(c.disputed), sum(p.lines) FROM c JOIN e p ON p.case_id = c.case_id AND p.seq = c.priced_seq
        WHERE c.accepted_seq IS NOT NULL AND p.lines > 0 AND p.time {IN}""",
    "IE3": f"""SELECT sum(n), sum(d) FROM (
        SELECT 15 - missing AS n, 15 AS d FROM c WHERE submitted_at {IN}
        UNION ALL
        SELECT 5 - r.missing, 5 FROM c JOIN e r ON r.case_id = c.case_id AND r.seq = c.reported_seq
        WHERE c.accepted_seq IS NOT NULL AND r.time {IN}) AS both_forms""",
    "SF1": f"""WITH k AS (SELECT case_id, tier, closed_at, reported_seq FROM c
            WHERE tier IN ('primary', 'county') AND closed_at {IN}),
        moves AS (SELECT e.case_id, e.time, {RANK.format("e.place_tier")} AS reached,
                coalesce(lag({RANK.format("e.place_tier")}) OVER (PARTITION BY e.case_id ORDER BY e.seq),
                    {RANK.format("k.tier")}) AS left_from, k.closed_at
            FROM e JOIN k ON k.case_id = e.case_id WHERE e.type = 'transferred'),
        went_up AS (SELECT DISTINCT case_id FROM moves WHERE reached > left_from AND time <= closed_at + {WINDOW}
            UNION SELECT DISTINCT e.case_id FROM e JOIN k ON k.case_id = e.case_id
                WHERE e.type = 'outcome-recorded' AND e.result = 'referred-up' AND e.time <= k.closed_at + {WINDOW}),
        told AS (SELECT case_id, result FROM (SELECT e.case_id, e.result,
                row_number() OVER (PARTITION BY e.case_id ORDER BY e.seq DESC) AS place
            FROM e JOIN k ON k.case_id = e.case_id WHERE e.type = 'outcome-recorded'
                AND e.time BETWEEN k.closed_at + {OUTCOME_FROM} AND k.closed_at + {WINDOW}) AS ranked WHERE place = 1)
        SELECT sum(CASE WHEN r.disposition = 'manage-at-origin' AND went_up.case_id IS NULL
            AND told.result IN ('resolved', 'improved', 'unchanged') THEN 1 ELSE 0 END), count(*)
        FROM k LEFT JOIN e r ON r.case_id = k.case_id AND r.seq = k.reported_seq
        LEFT JOIN went_up ON went_up.case_id = k.case_id LEFT JOIN told ON told.case_id = k.case_id""",
}
WAITS = f"SELECT site, (accepted_at - submitted_at) / 60000 AS wait FROM c WHERE accepted_at IS NOT NULL AND submitted_at {IN}"


def aggregate(run, first, after, waits):
    """Everything from `e`, which is there: shares by measure, and accepted requests and p95 by requesting site."""
    bounds = {"first": first * DAY - OFFSET_MINUTES * 60_000, "last": after * DAY - OFFSET_MINUTES * 60_000 - 1}
    run("DROP TABLE IF EXISTS c")
    run(CASES)
    for statement in STANDING:
        run(statement)
    shares = {}
    for name, query in SHARES.items():
        numerator, denominator = run(query.format(**bounds))[0]
        shares[name] = {"numerator": int(numerator or 0), "denominator": int(denominator or 0)}
    sites = {site: {"accepted": n, "p95": p} for site, n, p in run(waits.format(query=WAITS.format(**bounds)))}
    return {"shares": shares, "waits": sites}


# quantile_cont (Hyndman and Fan, type 7), as 15_metrics.py asks DuckDB for it; SQLite has no quantiles.
SQLITE_WAITS = """
    WITH w AS ({query}),
    ranked AS (SELECT site, wait, row_number() OVER (PARTITION BY site ORDER BY wait) - 1 AS place,
        count(*) OVER (PARTITION BY site) AS n FROM w)
    SELECT site, n, sum(CASE WHEN place = CAST((n - 1) * 0.95 AS INTEGER)
            THEN wait * (1 - ((n - 1) * 0.95 - CAST((n - 1) * 0.95 AS INTEGER))) ELSE 0 END)
        + sum(CASE WHEN place = CAST((n - 1) * 0.95 AS INTEGER) + 1
            THEN wait * ((n - 1) * 0.95 - CAST((n - 1) * 0.95 AS INTEGER)) ELSE 0 END)
    FROM ranked GROUP BY site, n"""
DUCKDB_WAITS = "SELECT site, count(*), quantile_cont(floor(wait), 0.95) FROM ({query}) AS w GROUP BY site"


def over_sqlite(ledger, first, after):
    """One pass over the records with SQLite's JSON functions, then the queries, in a connection of its own."""
    connection = sqlite3.connect(f"file:{ledger}/ledger.db?mode=ro", uri=True)
    connection.execute("PRAGMA temp_store = FILE")
    connection.execute("PRAGMA mmap_size = 17179869184")
    paths = [f"json_extract(r, '$.{path}') AS {name}" for name, path in FIELDS]
    connection.execute(
        f"""CREATE TEMP TABLE e AS
        SELECT stream AS case_id, sequence AS seq, json_extract(r, '$.time') AS time,
            json_extract(r, '$.type') AS type, {", ".join(paths)},
            json_array_length(r, '$.facts.missing') AS missing, json_array_length(r, '$.facts.lines') AS lines
        FROM (SELECT stream, sequence, CAST(record AS TEXT) AS r FROM events WHERE kind = 1)"""
    )
    connection.execute("CREATE INDEX temp.events_of_case ON e (case_id, seq)")
    return aggregate(lambda sql: connection.execute(sql).fetchall(), first, after, SQLITE_WAITS)


def duckdb_connection(folder):
    import duckdb

    connection = duckdb.connect(f"{folder}/scratch.duckdb")
    connection.execute("PRAGMA threads = 2")
    return connection


def export(ledger, folder):
    """The records of the cases as text, one a line, for DuckDB to read."""
    connection = sqlite3.connect(f"file:{ledger}/ledger.db?mode=ro", uri=True)
    count = 0
    with open(f"{folder}/records.ndjson", "wb", buffering=1 << 20) as file:
        for (record,) in connection.execute("SELECT record FROM events WHERE kind = 1"):
            file.write(record)
            file.write(b"\n")
            count += 1
    return {"records": count}


def flatten(connection, folder):
    """`e` from the text of the records: each is parsed once."""
    connection.execute("DROP TABLE IF EXISTS e")
    # A decision is an object where a case was routed and a word where it was closed.
    eligible = "CAST(json_extract(facts.decision, '$.eligible') AS INTEGER)"
    fields = [(name, eligible if name == "eligible" else path) for name, path in FIELDS]
    connection.execute(
        f"""CREATE TEMP TABLE e AS
        SELECT stream AS case_id, sequence AS seq, time, type, {", ".join(f"{path} AS {name}" for name, path in fields)},
            len(facts.missing) AS missing, json_array_length(facts.lines) AS lines
        FROM read_ndjson('{folder}/records.ndjson', columns = {{
            stream: 'VARCHAR', sequence: 'INTEGER', time: 'BIGINT', type: 'VARCHAR',
            facts: 'STRUCT(requester STRUCT(site VARCHAR, tier VARCHAR), priority VARCHAR,
                decision JSON, reason VARCHAR, credential VARCHAR, "caseVersion" INTEGER,
                disposition VARCHAR, result VARCHAR, place STRUCT(tier VARCHAR), missing VARCHAR[], lines JSON)'}})"""
    )


def over_duckdb(connection, first, after):
    return aggregate(lambda sql: connection.execute(sql).fetchall(), first, after, DUCKDB_WAITS)


def main():
    ledger, first, after, way = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    folder = sys.argv[5] if len(sys.argv) > 5 else ""
    runs = int(sys.argv[6]) if len(sys.argv) > 6 else 1
    connection = duckdb_connection(folder) if way.startswith("duckdb") else None
    if way == "duckdb-flat":
        flatten(connection, folder)
        connection.execute(f"COPY e TO '{folder}/flat.parquet' (FORMAT parquet)")
        connection.execute("DROP TABLE e")
        connection.execute(f"CREATE TEMP VIEW e AS SELECT * FROM '{folder}/flat.parquet'")
    seconds = []
    cpu = []
    values = {}
    for _ in range(runs):
        began, began_cpu = time.perf_counter(), time.process_time()
        if way == "export":
            values = export(ledger, folder)
        elif way == "sqlite":
            values = over_sqlite(ledger, first, after)
        else:
            if way == "duckdb-records":
                flatten(connection, folder)
            values = over_duckdb(connection, first, after)
        seconds.append(time.perf_counter() - began)
        cpu.append(time.process_time() - began_cpu)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peakKiB": peak, "values": values}, sort_keys=True))


if __name__ == "__main__":
    main()
