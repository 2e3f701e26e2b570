# SPDX-License-Identifier: MIT
"""What tests of teams share: send a file, wait, look."""
import os
import unittest

from support import stack
from support.servers import ROOT

SAMPLES = os.path.join(ROOT, "data-sample", "team")


def sample(name):
    with open(os.path.join(SAMPLES, name), "rb") as file:
        return file.read()


class TeamTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stack.shared()

    def send(self, data, query="", states=("succeeded",), **headers):
        """POST the file, wait; returns the import's JSON."""
        data = data.encode() if isinstance(data, str) else data
        answer = self.stack.post(f"/team{query}", data, {"Content-Type": "text/csv", **headers})
        self.assertEqual(answer.status, 202, answer)
        uid = answer.json["uid"]
        self.assertEqual(answer.headers["location"], f"/team/{uid}")
        self.stack.wait_job(uid, states)
        return self.stack.get(f"/team/{uid}").json

    def rows(self, uid, status=""):
        return self.stack.get(f"/team/{uid}/rows?limit=1000&status={status}").json["items"]

    def members(self, team):
        found = self.stack.get(f"/team/groups?search={team}").json["items"]
        self.assertEqual(len(found), 1, found)
        return self.stack.get(f"/team/groups/{found[0]['uid']}?limit=1000").json["members"]
