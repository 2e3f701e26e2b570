# SPDX-License-Identifier: MIT
"""Runs a Boost.Test binary and ends with the line `N passed, N failed`."""
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from .servers import ROOT


PRESET = os.environ.get("SLUICE_TEST_PRESET", "dev")


def run(binary, environment=None, arguments=()):
    """Build the preset (SLUICE_TEST_PRESET; dev: ASan and UBSan, tsan: ThreadSanitizer), run build/<preset>/tests/<binary>,
    print the counts, exit 0 only if all passed."""
    subprocess.run([os.path.join(ROOT, "sluice"), "build", PRESET], check=True)
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.xml")
        done = subprocess.run(
            [os.path.join(ROOT, "build", PRESET, "tests", binary), "--log_level=error", "--color_output=no",
             "--report_level=short", "--report_format=XML", f"--report_sink={report}", *arguments],
            env={"UBSAN_OPTIONS": "print_stacktrace=1", **os.environ, **(environment or {})}, cwd=ROOT)
        passed, failed = counts(report)
    if done.returncode != 0 and failed == 0:
        print(f"{binary} ended with {done.returncode}")  # a sanitizer's finding, or a crash before the report
        failed = 1
    print(f"{passed} passed, {failed} failed", flush=True)
    sys.exit(0 if failed == 0 and passed > 0 else 1)


def counts(report):
    """(passed, failed) of Boost's short XML report; (0, 0) when the binary did not live to write it."""
    try:
        suite = xml.etree.ElementTree.parse(report).getroot().find("TestSuite")
    except (OSError, xml.etree.ElementTree.ParseError):
        return 0, 0
    number = {name: int(suite.get(f"test_cases_{name}", 0)) for name in ("passed", "passed_with_warnings", "failed", "aborted")}
    return number["passed"] + number["passed_with_warnings"], number["failed"] + number["aborted"]
