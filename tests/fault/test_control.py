# SPDX-License-Identifier: MIT
"""Pauses and cancels at random moments, over the kinds, some jobs at once: the state follows at once, and what a cancelled
job did is nowhere. SLUICE_CONTROL_TRIES=1000 is the long run."""
import concurrent.futures
import json
import os
import random
import threading
import time
import unittest

from crashing import ENDED, PATIENCE, Crashing
from support.pace import slowness
from support.wait import wait_until
from test_crash_points import table

TRIES = int(os.environ.get("SLUICE_CONTROL_TRIES", 100))
AT_ONCE = 4
BUDGET = 0.1  # seconds, p99
LEEWAY = 10  # beside the jobs themselves, which keep the machine busy
RECORDS = 60_000


class Control(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("SLUICE_SEED", time.time_ns() % 1_000_000))
        print(f"seed {self.seed}", end=" ", flush=True)
        self.it = Crashing().__enter__()
        self.addCleanup(self.it.__exit__, None, None, None)
        self.it.put_off_sweep()
        self.runner = self.it.runner(slots=AT_ONCE + 1)
        self.data = table(self.seed, RECORDS)
        self.done(self.it.job_of(self.it.upload(table(0, 4 * RECORDS), dataset="source", filename="source.csv")))
        self.made = {"import": self.make_import, "export": self.make_export, "team": self.make_team}
        self.lasted = {kind: self.time_of(kind) for kind in self.made}
        self.lock = threading.Lock()
        self.took, self.kept, self.gone = [], [], []

    def done(self, job):
        try:
            wait_until(lambda: self.it.job(job)["state"] in ENDED, PATIENCE, f"the end of {job}", every=0.01)
        except AssertionError as late:
            raise AssertionError(f"{late}: {self.it.job(job)}, {self.it.request('GET', f'/jobs/{job}/events')}") from None
        self.assertEqual(self.it.job(job)["state"], "succeeded", self.it.job(job))

    def time_of(self, kind):
        """How long such a job lasts here, in seconds."""
        job = self.made[kind]("first")
        started = time.monotonic()
        self.done(job)
        return time.monotonic() - started

    # --- jobs, each unlike the others ---
    def make_import(self, name):
        return self.it.job_of(self.it.upload(self.data, filename=f"import {name}.csv"))

    def make_export(self, _):
        answer = self.it.request("POST", "/export", {"Content-Type": "application/json"}, b'{"dataset": "source"}')
        self.assertEqual(answer.status, 202, answer)
        return json.loads(answer.body)["uid"]

    def make_team(self, name):
        people = "\n".join(f"Team {name} {i % 40},Member {i},{name}-{i}@example.com,member" for i in range(4000))
        answer = self.it.request("POST", "/team", {"Content-Type": "text/csv"}, f"team,name,email,role\n{people}\n".encode(),
                                 lane="file")
        self.assertEqual(answer.status, 202, answer)
        return json.loads(answer.body)["uid"]

    # --- wishes ---
    def wish(self, job, word, state):
        """True when it was obeyed, False when it came too late; how long it took is kept."""
        asked = time.monotonic()
        status = self.it.request("POST", f"/jobs/{job}/{word}").status
        if status == 409:
            self.assertEqual(self.it.job(job)["state"], "succeeded")
            return False
        self.assertIn(status, (200, 202))
        seen = ""

        def there():
            nonlocal seen
            seen = self.it.job(job)["state"]
            return seen == state or seen in ENDED
        wait_until(there, PATIENCE, f"{job} is {state}", every=0.002)
        took = time.monotonic() - asked
        if word == "pause" and seen == "succeeded":
            return False  # it came too late, as it may
        self.assertEqual(seen, state)
        with self.lock:
            self.took.append(took)
        return True

    def attempt(self, number):
        chance = random.Random(self.seed * 1000 + number)
        kind = chance.choice(list(self.made))
        job = self.made[kind](number)
        time.sleep(chance.uniform(0, 2 * self.lasted[kind]))  # the moment is what is tested
        if chance.random() < 0.5 and self.wish(job, "pause", "paused"):
            self.assertEqual(self.it.request("POST", f"/jobs/{job}/resume").status, 202)
            time.sleep(chance.uniform(0, self.lasted[kind]))
        cancelled = chance.random() < 0.7 and self.wish(job, "cancel", "cancelled")
        if not cancelled:
            self.done(job)
        with self.lock:
            (self.gone if cancelled else self.kept).append((kind, job, number))

    def test_pauses_and_cancels_at_random_moments(self):
        slower = slowness()
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
            for attempt in [threads.submit(self.attempt, number) for number in range(TRIES)]:
                attempt.result()
        self.assertGreater(len(self.took), TRIES / 10)
        wait_until(lambda: self.it.sql("SELECT COUNT(*) FROM jobs WHERE cleanup_pending") == "0", 60, "what was cancelled is gone")
        self.it.end(self.runner)
        self.assert_effects()
        took = sorted(self.took)
        p50, p99 = took[len(took) // 2], took[len(took) * 99 // 100]
        print(f"{len(took)} wishes: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, most {took[-1] * 1000:.0f} ms;"
              f" {len(self.gone)} cancelled, {len(self.kept)} kept; the machine is {slower:.1f} times slower than a quiet one", end=" ")
        self.assertLess(p99, LEEWAY * BUDGET * slower)

    def assert_effects(self):
        """Whole or not at all, by kind."""
        ended = dict(self.it.rows("SELECT LOWER(HEX(uid)), state FROM jobs WHERE kind <> 'sweep'"))
        for _, job, _ in self.gone:
            self.assertEqual(ended[job.replace("-", "")], "cancelled")
        for kind, job, number in self.kept:
            self.assertEqual(ended[job.replace("-", "")], "succeeded", (kind, job, number))
        self.assertEqual(self.it.sql("SELECT COUNT(*) FROM jobs WHERE attempt > 0 OR crash_count > 0"), "0")
        loaded = {name: int(rows) for name, rows in self.it.rows(
            "SELECT table_name, 0 FROM information_schema.tables WHERE table_schema = 'sluice_data'")}
        wanted = {row[0] for row in self.it.rows(
            "SELECT CONCAT('ds_', i.dataset_id) FROM imports i JOIN jobs j ON j.id = i.job_id WHERE j.state = 'succeeded'")}
        self.assertEqual(set(loaded), wanted)
        for name in loaded:
            counted = int(self.it.sql(f"SELECT COUNT(*) FROM sluice_data.{name}"))
            self.assertIn(counted, (RECORDS, 4 * RECORDS), name)
        files = {name.split(".")[0] for name in os.listdir(os.path.join(self.it.data_dir, "exports")) if name != ".part"}
        self.assertEqual(files, {row[0] for row in self.it.rows(
            "SELECT LOWER(HEX(uid)) FROM jobs WHERE kind = 'export' AND state = 'succeeded'")})
        parts = os.path.join(self.it.data_dir, "exports", ".part")
        self.assertEqual(os.listdir(parts) if os.path.isdir(parts) else [], [])
        teams = 1 + sum(kind == "team" for kind, _, _ in self.kept)
        self.assertEqual((self.it.sql("SELECT COUNT(*) FROM teams"), self.it.sql("SELECT COUNT(*) FROM memberships")),
                         (str(40 * teams), str(4000 * teams)))
        self.assertEqual(self.it.sql("SELECT COUNT(*) FROM team_import_rows r JOIN jobs j ON j.id = r.job_id WHERE j.state = "
                                     "'cancelled'"), "0")
