# SPDX-License-Identifier: MIT
"""docs/security.md names every test of this suite, and no other."""
import glob
import os
import re
import unittest

from support.servers import ROOT

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = r"\btest_\d\d_[a-z0-9_]+"


class List(unittest.TestCase):
    def test_the_list_of_requirements_and_the_tests_name_each_other(self):
        there = set()
        for path in glob.glob(os.path.join(HERE, "test_*.py")):
            with open(path) as module:
                there |= set(re.findall(r"def (test_\d\d_[a-z0-9_]+)", module.read()))
        with open(os.path.join(ROOT, "docs", "security.md")) as page:
            listed = re.findall(NAME, page.read())
        self.assertEqual(sorted(listed), sorted(there))
        # No test without a number.
        for path in glob.glob(os.path.join(HERE, "test_*.py")):
            with open(path) as module:
                names = re.findall(r"def (test_\w+)", module.read())
            if not path.endswith("test_list.py"):
                self.assertEqual([name for name in names if not re.fullmatch(NAME, name)], [], path)
