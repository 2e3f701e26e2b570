# SPDX-License-Identifier: MIT
"""The README's story with the files of data-sample: upload, load, export; a team checked and created."""
import csv
import datetime
import io
import json
import os
import re
import subprocess
import unittest

from support.servers import ROOT
from support.stack import shared
from support.wait import wait_until

SAMPLES = os.path.join(ROOT, "data-sample")


def sample(name):
    return os.path.join(SAMPLES, name)


def records(name, **dialect):
    """The data records of a sample, without its header."""
    with open(sample(name), newline="", encoding="utf-8") as file:
        return list(csv.reader(file, **dialect))[1:]


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = shared()

    def export(self, **options):
        """Order an export, wait for it, return the bytes of its file."""
        ordered = self.stack.post("/export", options)
        self.assertEqual(ordered.status, 202, ordered)
        job = self.stack.wait_job(ordered.json["uid"], timeout=120)
        self.assertEqual(job["state"], "succeeded", job)
        file = self.stack.get(f"/export/{ordered.json['uid']}/file")
        self.assertEqual(file.status, 200, file)
        return file.body

    def dataset_of(self, name):
        found = [d for d in self.stack.get("/datasets?limit=1000").json["items"] if d["name"] == name]
        self.assertEqual(len(found), 1, name)
        return found[0]

    def test_five_lines_of_the_readme(self):
        with open(os.path.join(ROOT, "README.md")) as file:
            lines = re.search(r"```bash\n(B=.*?)```", file.read(), re.S).group(1).strip().splitlines()
        setting, upload, jobs, order, fetch = (re.sub(r"\s+#.*", "", line) for line in lines)
        setting = setting.replace("http://localhost:8081", self.stack.url)

        def run(line):
            done = subprocess.run(["bash", "-c", f"{setting}\n{line}"], cwd=ROOT, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout
        run(upload)

        def loaded():  # the newest import is this one; other tests' before it may have failed, as they meant to
            imports = [job for job in json.loads(run(jobs))["items"] if job["kind"] == "import"]
            return imports and imports[0]["state"] == "succeeded"
        wait_until(loaded, 120, "the import has succeeded")
        answer = run(order)
        self.assertIn("HTTP/1.1 202", answer)
        uid = re.search(r'"uid":"([0-9a-f-]{36})"', answer).group(1)
        self.assertEqual(self.stack.wait_job(uid, timeout=120)["state"], "succeeded")
        target = os.path.join(self.stack.folder, "december.csv")
        run(fetch.replace("$ID", uid).replace("december.csv", target))
        with open(target, newline="") as file:
            got = list(csv.reader(file))[1:]
        wanted = [r for r in records("upload/sales.csv") if r[1].startswith("2016-12-")]
        self.assertEqual(len(got), len(wanted))
        self.assertEqual(got, wanted)

    def test_quoted_line_breaks_come_back_byte_for_byte(self):
        self.stack.load(sample("upload/support-tickets.csv"), dataset="tickets-whole")
        with open(sample("upload/support-tickets.csv"), "rb") as file:
            self.assertEqual(list(csv.reader(io.StringIO(self.export(dataset="tickets-whole").decode(), newline=""))),
                             list(csv.reader(io.StringIO(file.read().decode(), newline=""))))

    def test_day_month_year_with_semicolons_is_understood(self):
        self.stack.load(sample("upload/heat-meters.csv"), dataset="heat-meters")
        got = self.export(dataset="heat-meters", **{"from": "2017-01-30", "to": "2017-02-02"})
        days = [datetime.date(2017, 1, 30) + datetime.timedelta(days=i) for i in range(4)]
        wanted = [r for r in records("upload/heat-meters.csv", delimiter=";") if r[1] in {d.strftime("%d/%m/%Y") for d in days}]
        self.assertEqual(len(wanted), 24)
        self.assertEqual(list(csv.reader(io.StringIO(got.decode(), newline="")))[1:], wanted)

    def test_every_record_is_loaded_or_rejected_and_counted(self):
        self.stack.load(sample("upload/deliveries-with-mistakes.csv"), dataset="deliveries")
        uid = self.dataset_of("deliveries")["uid"]
        rejects = self.stack.get(f"/datasets/{uid}/rejects?limit=1000").json["items"]
        # a field too many is a reject; fields too few are empty ones
        self.assertEqual(len(rejects), sum(len(r) > 4 for r in records("upload/deliveries-with-mistakes.csv")))
        self.assertTrue(rejects)
        loaded = list(csv.reader(io.StringIO(self.export(dataset="deliveries").decode())))[1:]
        self.assertEqual(len(loaded) + len(rejects), 500)

    def test_a_team_is_checked_and_then_created(self):
        with open(sample("team/members.csv"), "rb") as file:
            body = file.read()
        checked = self.stack.post("/team?dry_run=1", body, {"Content-Type": "text/csv"})
        self.assertEqual(checked.status, 202, checked)
        created = self.stack.post("/team", body, {"Content-Type": "text/csv"})
        self.assertEqual(created.status, 202, created)
        self.assertEqual(self.stack.wait_job(created.json["uid"])["state"], "succeeded")
        groups = self.stack.get("/team/groups?limit=1000").json["items"]
        self.assertEqual({g["name"] for g in groups} >= {"Blue", "Café", "Night shift"}, True, groups)

    def test_a_team_with_mistakes_creates_nobody(self):
        with open(sample("team/members-with-mistakes.csv"), "rb") as file:
            ordered = self.stack.post("/team", file.read(), {"Content-Type": "text/csv"})
        self.assertEqual(ordered.status, 202, ordered)
        self.assertEqual(self.stack.wait_job(ordered.json["uid"])["state"], "failed")
        self.assertEqual(self.stack.sql("SELECT COUNT(*) AS n FROM members WHERE email LIKE 'zoe.right@%'")[0]["n"], "0")
