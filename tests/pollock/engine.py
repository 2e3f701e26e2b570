#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""engine.py TOOL [PEERS]: how well the CSV engine copes with polluted and real files, compared with what it must reach.

TOOL is the csv_tool binary, PEERS the folder with the public files (default: ../shared/peers beside the project).
Prints one line a check and "N passed, N failed"; ends with 1 when a check failed."""
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from scores import Checks, as_crlf, files, pollute, polluted_files, score  # noqa: E402
from support.counting import text_of  # noqa: E402
from support.datasets import cells  # noqa: E402

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REAL_TABLES = ("seattle-weather", "stocks", "birdstrikes", "github-hourly", "raw-polls-2018", "vix-daily")

CHECKS = Checks()
check = CHECKS.check


def run(*args):
    return subprocess.run(args, capture_output=True, text=True, errors="replace")


def convert_all(tool, sources, out, header=None):
    """sources: name -> path. What the tool makes of each lies in out/<name>_converted.csv."""
    os.makedirs(out, exist_ok=True)

    def one(item):
        name, path = item
        extra = [header] if header else []
        return name, run(tool, "convert", path, os.path.join(out, name + "_converted.csv"), *extra)

    with ThreadPoolExecutor(2) as pool:
        for name, result in pool.map(one, sources.items()):
            if result.returncode:
                check("convert " + name, False, result.stderr.strip())


def polluted(tool, peers, work):
    pollock = os.path.join(peers, "pollock")
    base = os.path.join(pollock, "polluted")
    stored = polluted_files(pollock)
    for form, contents in {"LF": stored, "CRLF": {n: as_crlf(n, d) for n, d in stored.items()}}.items():
        folder = os.path.join(work, form)
        os.makedirs(folder)
        for name, data in contents.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        out = os.path.join(work, "polluted-" + form)
        convert_all(tool, files(folder), out)
        result = score(pollock, os.path.join(base, "clean"), out, os.path.join(base, "weights.json"))
        check(f"pollock polluted {form}", result["simple"] >= 9.97 and result["weighted"] >= 9.99,
              f"simple {result['simple']:.4f} (9.97), weighted {result['weighted']:.4f} (9.99)")


def survey(tool, peers, work):
    base = os.path.join(peers, "pollock", "survey")
    for header, least in (("auto", 0), ("yes", 9.0)):
        out = os.path.join(work, "survey-" + header)
        convert_all(tool, files(os.path.join(base, "csv")), out, "yes" if header == "yes" else None)
        result = score(os.path.join(peers, "pollock"), os.path.join(base, "clean"), out)
        check(f"pollock survey header={header}", result["simple"] >= least, f"simple {result['simple']:.4f} ({least})")


def other_tables(tool, peers, work):
    tables = [os.path.join(peers, "realdata", name + ".csv") for name in REAL_TABLES]
    for table in tables:
        stem = os.path.splitext(os.path.basename(table))[0]
        base = os.path.join(work, "pollute-" + stem)
        pollute(os.path.join(peers, "pollock"), table, base)
        out = os.path.join(base, "out")
        convert_all(tool, files(os.path.join(base, "csv")), out)
        result = score(os.path.join(peers, "pollock"), os.path.join(base, "clean"), out, os.path.join(base, "weights.json"))
        check(f"polluted {stem}", result["simple"] >= 9.98 and result["weighted"] >= 9.98,
              f"simple {result['simple']:.4f}, weighted {result['weighted']:.4f} (9.98)")


def read_strictly(path):
    """Rows of an RFC 4180 file; lines that are blank are none."""
    with open(path, "rb") as file:
        return [row for row in cells(text_of(file.read())) if row not in ([], [""])]


def round_trip(tool, peers, work):
    for name, path in files(os.path.join(peers, "realdata")).items():
        if not name.endswith(".csv"):
            continue
        out = os.path.join(work, name)
        done = run(tool, "convert", path, out)
        if done.returncode:
            check("round trip " + name, False, done.stderr.strip())
            continue
        before, after = read_strictly(path), read_strictly(out)
        different = next((i for i, (a, b) in enumerate(zip(before, after)) if a != b), None)
        good = len(before) == len(after) and different is None
        check("round trip " + name, good,
              f"{len(before)} records" if good else f"{len(before)} / {len(after)} records, first difference {different}")


def spectrum(tool, peers, work):
    base = os.path.join(peers, "csv-spectrum")
    for name, path in files(os.path.join(base, "csvs")).items():
        expected = json.load(open(os.path.join(base, "json", name.replace(".csv", ".json")), encoding="utf-8"))
        expected = [expected] if isinstance(expected, dict) else expected
        out = os.path.join(work, "spectrum-" + name)
        done = run(tool, "convert", path, out)
        if done.returncode:
            check("csv-spectrum " + name, False, done.stderr.strip())
            continue
        rows = read_strictly(out)
        found = [dict(zip(rows[0], row)) for row in rows[1:]]
        for pair in zip(found, expected):
            for record in pair:
                record.pop("Contact Phone Number", None)  # the public JSON has another number than its CSV
        check("csv-spectrum " + name, found == expected, "" if found == expected else f"{found} is not {expected}")


def type_cases(tool, peers, work):
    base = os.path.join(peers, "typecases")
    for name, expected in json.load(open(os.path.join(base, "expected.json"), encoding="utf-8")).items():
        path = os.path.join(base, name + ".csv")
        done = run(tool, "detect", path)
        found = json.loads(done.stdout)
        out = os.path.join(work, "type-" + name + ".csv")
        converted = run(tool, "convert", path, out)
        columns = found["columns"]
        plain = lambda t: "text" if t in ("varchar", "text", "longtext") else t
        types = [plain(c["type"]) for c in columns]
        wrong = [] if converted.returncode == 0 else [converted.stderr.strip()]
        fits = lambda wanted: len(wanted) == len(types) and all(t in w.split("|") for t, w in zip(types, wanted))
        if "types" in expected and not fits(expected["types"]):
            wrong.append(f"types {types}")
        if "types_any" in expected and not any(fits(wanted) for wanted in expected["types_any"]):
            wrong.append(f"types {types}")
        if "order" in expected and expected["order"] not in [c["order"] for c in columns]:
            wrong.append("order")
        found["skipped"] -= found["headers"]
        for key in ("loaded", "skipped"):
            if key in expected and found[key] != expected[key]:
                wrong.append(f"{key} {found[key]}")
        if "names" in expected and [c["name"] for c in columns] != expected["names"]:
            wrong.append(f"names {[c['name'] for c in columns]}")
        if "columns" in expected and len(columns) != expected["columns"]:
            wrong.append(f"{len(columns)} columns")
        text = open(out, encoding="utf-8", newline="").read() if os.path.exists(out) else ""
        for part in expected.get("contains", []):
            if part not in text:
                wrong.append(f"no {part!r}")
        check("type case " + name, not wrong, "; ".join(wrong))


def main():
    tool = os.path.abspath(sys.argv[1])
    peers = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else os.path.join(PROJECT, "..", "shared", "peers"))
    with tempfile.TemporaryDirectory(prefix="sluice-pollock-") as work:
        for part in (type_cases, spectrum, round_trip, polluted, survey, other_tables):
            part(tool, peers, work)
    return CHECKS.end()


if __name__ == "__main__":
    sys.exit(main())
