# SPDX-License-Identifier: MIT
"""Runs the unittest modules of a suite's folder and ends with the line `N passed, N failed`.

A suite's `run` is three lines:  sys.path.insert(0, <tests>);  from support import runner;  runner.main(__file__)
Arguments are names to keep, as `-k` of unittest: `tests/system/run test_door kill`.
"""
import os
import sys
import time
import unittest


class Result(unittest.TextTestResult):
    """Counts what passed and says how long each test took."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.passed = 0

    def startTest(self, test):
        self.started_at = time.monotonic()
        super().startTest(test)

    def addSuccess(self, test):
        self.passed += 1
        super().addSuccess(test)
        self.stream.writeln(f"    {time.monotonic() - self.started_at:.1f} s")


def load(folder, patterns):
    loader = unittest.TestLoader()
    if patterns:
        loader.testNamePatterns = [f"*{pattern}*" for pattern in patterns]
    return loader.discover(folder, pattern="test_*.py", top_level_dir=folder)


def run(folder, patterns=()):
    """Run the test_*.py of a folder; returns (passed, failed)."""
    suite = load(folder, patterns)
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Result)
    result = runner.run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    for test, why in result.skipped:
        print(f"skipped: {test}: {why}")
    return result.passed, failed


def finish(passed, failed):
    """Print the counts; exit 0 only if all passed and there were some."""
    print(f"{passed} passed, {failed} failed", flush=True)
    sys.exit(0 if failed == 0 and passed > 0 else 1)


def main(run_file):
    """Discover test_*.py beside run_file, run them, print the counts and exit."""
    finish(*run(os.path.dirname(os.path.abspath(run_file)), sys.argv[1:]))
