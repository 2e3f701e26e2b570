# SPDX-License-Identifier: MIT
"""A suite that is told to end leaves no stack behind, also in the middle of a test."""
import os
import signal
import subprocess
import sys
import unittest

from support.servers import ROOT
from support.wait import wait_until

SUITE = """
import sys, time, unittest
sys.path.insert(0, "tests")
from support.stack import Stack

class Endless(unittest.TestCase):
    def test_endless(self):
        stack = Stack(SLUICE_RUNNER_PROCS=1, SLUICE_WEB_PROCS=1, SLUICE_STREAM_PROCS=1).start()
        print(stack.folder, flush=True)
        time.sleep(600)

unittest.main()
"""


class Ending(unittest.TestCase):
    def test_a_suite_that_is_told_to_end_stops_its_stack(self):
        suite = subprocess.Popen([sys.executable, "-c", SUITE], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(suite.stdout.close)
        self.addCleanup(suite.kill)
        folder = suite.stdout.readline().strip()
        self.assertTrue(os.path.isdir(folder), folder)
        with open(os.path.join(folder, "run", "supervisord.pid")) as file:
            supervisord = int(file.read())
        suite.send_signal(signal.SIGTERM)
        self.assertNotEqual(suite.wait(120), 0)
        wait_until(lambda: not os.path.exists(f"/proc/{supervisord}"), 30, "supervisord has ended")
        self.assertFalse(os.path.exists(folder))
