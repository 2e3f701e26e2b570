# SPDX-License-Identifier: MIT
"""The benchmark's files and scores, whoever turns the files into tables: the engine alone or Sluice over HTTP."""
import json
import os
import subprocess
import sys


class Checks:
    """Prints one line a check and counts."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, good, detail=""):
        self.passed += bool(good)
        self.failed += not good
        print(f"{'ok  ' if good else 'FAIL'} {name} {detail}", flush=True)

    def end(self):
        """The line that a suite ends with; what to exit with."""
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0


def files(folder):
    """name -> path"""
    return {name: os.path.join(folder, name) for name in sorted(os.listdir(folder))}


def read_all(paths):
    """name -> bytes"""
    contents = {}
    for name, path in paths.items():
        with open(path, "rb") as file:
            contents[name] = file.read()
    return contents


def as_crlf(name, data):
    """The file as the benchmark's parameters say it was: git had turned its line ends into LF."""
    if "record_delimiter" in name:
        return data
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def polluted_files(peers):
    """name -> bytes of the polluted set, as stored."""
    base = os.path.join(peers, "polluted")
    clean = os.listdir(os.path.join(base, "clean"))
    return read_all({name: path for name, path in files(os.path.join(base, "csv")).items() if name in clean})


def pollute(peers, table, out):
    """Makes csv/, clean/ and weights.json in `out` from a clean table."""
    subprocess.run([sys.executable, os.path.join(peers, "pollute.py"), table, out], check=True, capture_output=True)


def score(peers, clean, loaded, weights=None, worst=None):
    """{"simple": …, "weighted": …} of the files <name>_converted.csv in `loaded`; missing ones count 0."""
    args = [sys.executable, os.path.join(peers, "score.py"), "--clean", clean, "--loaded", loaded]
    if weights:
        args += ["--weights", weights]
    if worst:
        print(subprocess.run([*args, "--worst", str(worst)], capture_output=True, text=True).stdout)
    return json.loads(subprocess.run([*args, "--json"], capture_output=True, text=True, check=True).stdout)
