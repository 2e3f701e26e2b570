#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py TOOL [PEERS]: how well the CSV engine copes with polluted and real files, compared with what it must reach.

TOOL is the csv_tool binary, PEERS the folder with the public files (default: ../shared/peers beside the project).
Prints one line a check and "N passed, N failed"; ends with 1 when a check failed."""
import codecs
import csv
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REAL_TABLES = ("seattle-weather", "stocks", "birdstrikes", "github-hourly", "raw-polls-2018", "vix-daily")

# The five bytes that windows-1252 leaves open are the control characters of the same number.
codecs.register_error("open_bytes", lambda e: (e.object[e.start:e.end].decode("latin-1"), e.end))

passed = failed = 0


def check(name, good, detail=""):
    global passed, failed
    passed += good
    failed += not good
    print(f"{'ok  ' if good else 'FAIL'} {name} {detail}", flush=True)


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


def score(peers, clean, loaded, weights=None):
    args = [sys.executable, os.path.join(peers, "pollock", "score.py"), "--clean", clean, "--loaded", loaded, "--json"]
    if weights:
        args += ["--weights", weights]
    return json.loads(run(*args).stdout)


def files(folder):
    return {name: os.path.join(folder, name) for name in sorted(os.listdir(folder))}


def polluted(tool, peers, work):
    base = os.path.join(peers, "pollock", "polluted")
    sources = {n: p for n, p in files(os.path.join(base, "csv")).items() if n in os.listdir(os.path.join(base, "clean"))}
    crlf = os.path.join(work, "crlf")
    os.makedirs(crlf)
    forms = {"LF": sources, "CRLF": {}}
    for name, path in sources.items():
        data = open(path, "rb").read()
        if "record_delimiter" not in name:
            data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        forms["CRLF"][name] = os.path.join(crlf, name)
        open(forms["CRLF"][name], "wb").write(data)
    for form, paths in forms.items():
        out = os.path.join(work, "polluted-" + form)
        convert_all(tool, paths, out)
        result = score(peers, os.path.join(base, "clean"), out, os.path.join(base, "weights.json"))
        check(f"pollock polluted {form}", result["simple"] >= 9.97 and result["weighted"] >= 9.99,
              f"simple {result['simple']:.4f} (9.97), weighted {result['weighted']:.4f} (9.99)")


def survey(tool, peers, work):
    base = os.path.join(peers, "pollock", "survey")
    for header, least in (("auto", 0), ("yes", 9.0)):
        out = os.path.join(work, "survey-" + header)
        convert_all(tool, files(os.path.join(base, "csv")), out, "yes" if header == "yes" else None)
        result = score(peers, os.path.join(base, "clean"), out)
        check(f"pollock survey header={header}", result["simple"] >= least, f"simple {result['simple']:.4f} ({least})")


def other_tables(tool, peers, work):
    tables = [os.path.join(peers, "realdata", name + ".csv") for name in REAL_TABLES]
    for table in tables:
        stem = os.path.splitext(os.path.basename(table))[0]
        base = os.path.join(work, "pollute-" + stem)
        made = run(sys.executable, os.path.join(peers, "pollock", "pollute.py"), table, base)
        if made.returncode:
            check("pollute " + stem, False, made.stderr.strip())
            continue
        out = os.path.join(base, "out")
        convert_all(tool, files(os.path.join(base, "csv")), out)
        result = score(peers, os.path.join(base, "clean"), out, os.path.join(base, "weights.json"))
        check(f"polluted {stem}", result["simple"] >= 9.98 and result["weighted"] >= 9.98,
              f"simple {result['simple']:.4f}, weighted {result['weighted']:.4f} (9.98)")


def read_strictly(path, encoding="utf-8"):
    """RFC 4180 by hand, CR kept as it is inside quotes."""
    text = open(path, encoding=encoding, errors="open_bytes" if encoding == "cp1252" else "strict", newline="").read()
    if text.startswith("\ufeff"):
        text = text[1:]
    rows, row, cell, quoted, i = [], [], [], False, 0
    while i < len(text):
        c = text[i]
        if quoted:
            if c == '"' and text[i + 1:i + 2] == '"':
                cell.append('"')
                i += 1
            elif c == '"':
                quoted = False
            else:
                cell.append(c)
        elif c == '"' and not cell:
            quoted = True
        elif c == ",":
            row.append("".join(cell))
            cell = []
        elif c == "\n" or (c == "\r" and text[i + 1:i + 2] == "\n"):
            i += c == "\r"
            rows.append(row + ["".join(cell)])
            row, cell = [], []
        else:
            cell.append(c)
        i += 1
    if row or cell:
        rows.append(row + ["".join(cell)])
    return [r for r in rows if r != [""]]


def round_trip(tool, peers, work):
    for name, path in files(os.path.join(peers, "realdata")).items():
        if not name.endswith(".csv"):
            continue
        out = os.path.join(work, name)
        done = run(tool, "convert", path, out)
        if done.returncode:
            check("round trip " + name, False, done.stderr.strip())
            continue
        try:
            before = read_strictly(path)
        except UnicodeDecodeError:
            before = read_strictly(path, "cp1252")
        after = read_strictly(out)
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
    csv.field_size_limit(1 << 30)
    with tempfile.TemporaryDirectory(prefix="sluice-pollock-") as work:
        for part in (type_cases, spectrum, round_trip, polluted, survey, other_tables):
            part(tool, peers, work)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
