# SPDX-License-Identifier: MIT
"""kill -9 at every point where something becomes lasting: for each n the n-th of them is the last thing a process did,
it is started again, and in the end everything is there exactly once and nothing else."""
import collections
import hashlib
import json
import os
import subprocess
import unittest

from crashing import ENDED, PATIENCE, TUS, Crashing
from support.servers import ROOT
from support.wait import wait_until

MOST_POINTS = 200  # a loop that never ends is a defect, too


def table(seed, records, rejects=0):
    """id, name, day; the last `rejects` records have a field too many."""
    lines = ["id,name,day"]
    lines += [f"{n},name {seed} {n * 7919 % 1000},20{10 + n % 10}-{1 + n % 12:02d}-{1 + n % 28:02d}" for n in range(1, records + 1)]
    lines += [f"{n},one,2011-01-01,too many" for n in range(rejects)]
    return ("\n".join(lines) + "\n").encode()


class CrashPoints(unittest.TestCase):
    def setUp(self):
        self.it = Crashing().__enter__()
        self.addCleanup(self.it.__exit__, None, None, None)
        self.it.put_off_sweep()

    def each_point_of_a_runner(self, make_job):
        """make_job(n) -> uid; returns the uids."""
        jobs = []
        for n in range(1, MOST_POINTS):
            jobs.append(make_job(n))
            if not self.it.work_on(jobs[-1], point=n):
                break
            self.it.work_on(jobs[-1])
        self.assertLess(len(jobs), MOST_POINTS - 1)
        for n, job in enumerate(jobs, 1):
            self.assertEqual(self.it.job(job)["state"], "succeeded", f"killed at point {n} {self.point(n)}: {self.it.job(job)}")
        return jobs

    def point(self, n):
        points = self.it.points_reached()
        return points[n - 1] if n <= len(points) else "(none)"

    def assert_reached(self, **wanted):
        """At least so many points of each sort, before and after."""
        points = collections.Counter(line.split()[1].lower() for line in self.it.points_reached())
        print(f"  killed at {sum(points.values())} points: {dict(points)}", end=" ")
        for what, least in wanted.items():
            self.assertGreaterEqual(points[what], 2 * least, what)

    def assert_nothing_is_left(self):
        """No file and no row that nobody names, once the sweep was there."""
        self.it.let_sweep()
        data = self.it.data_dir
        left = [os.path.join(folder, name) for place in ("uploads/pieces", "uploads/incoming", "exports/.part")
                for folder, _, names in os.walk(os.path.join(data, place)) for name in names]
        named = {row[0] for row in self.it.rows("SELECT file FROM upload_pieces")}
        self.assertEqual([path for path in left if os.path.relpath(path, os.path.join(data, "uploads/pieces")) not in named], [])
        tables = {row[0] for row in self.it.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = "
                                                 "'sluice_data'")}
        self.assertEqual(tables, {f"ds_{row[0]}" for row in self.it.rows("SELECT id FROM datasets")})
        self.assertEqual(self.it.sql("SELECT COUNT(*) FROM jobs WHERE crash_count > 1 OR attempt > 0"), "0")
        done = subprocess.run([os.path.join(ROOT, "build", "release", "ctl", "sluicectl"), "verify", "--hash"],
                              env=self.it.environment, capture_output=True, text=True)
        self.assertIn(", 0 do not fit", done.stdout, done.stdout + done.stderr)

    def assert_loaded_exactly(self, job, records, rejects):
        [found] = self.it.rows(
            "SELECT i.id, i.dataset_id, i.loaded, i.rejected, i.published_at IS NOT NULL FROM imports i JOIN jobs j ON j.id = "
            f"i.job_id WHERE j.uid = UNHEX('{job.replace('-', '')}')")
        counted = self.it.sql(f"SELECT CONCAT_WS(' ', COUNT(*), SUM(c1), COUNT(DISTINCT row_no)) FROM sluice_data.ds_{found[1]} "
                              f"WHERE import_id = {found[0]}")
        self.assertEqual(found[2:], [str(records), str(rejects), "1"])
        self.assertEqual(counted, f"{records} {records * (records + 1) // 2} {records}")
        self.assertEqual(self.it.sql(f"SELECT COUNT(*) FROM rejects WHERE import_id = {found[0]}"), str(rejects))

    def test_import(self):
        records, rejects = 6000, 3  # two batches

        def queue(n):
            return self.it.job_of(self.it.upload(table(n, records, rejects), pieces=2, filename=f"crash {n}.csv"))
        jobs = self.each_point_of_a_runner(queue)
        for job in jobs:
            self.assert_loaded_exactly(job, records, rejects)
        self.assert_reached(commit=6, create=1, fsync=3, rename=1, xtrim=1)
        self.assert_nothing_is_left()

    def test_team_import(self):
        def queue(n):
            people = "\n".join(f"Team {n}.{i % 3},Member {i},{n}-{i}@example.com,member" for i in range(30))
            answer = self.it.request("POST", "/team?on_error=skip", {"Content-Type": "text/csv"},
                                     f"team,name,email,role\n{people}\nTeam {n}.0,Nobody,no address,member\n".encode(), lane="file")
            self.assertEqual(answer.status, 202, answer)
            return json.loads(answer.body)["uid"]
        jobs = self.each_point_of_a_runner(queue)
        for name, count in (("teams", 3), ("members", 30), ("memberships", 30)):
            self.assertEqual(self.it.sql(f"SELECT COUNT(*) FROM {name}"), str(count * len(jobs)), name)
        self.assertEqual({tuple(row) for row in self.it.rows("SELECT created, errors FROM team_imports")}, {("30", "1")})
        self.assert_reached(commit=3, xtrim=1)
        self.assert_nothing_is_left()

    def test_export(self):
        records = 100_000  # some pages
        data = table(0, records)
        source = self.it.job_of(self.it.upload(data, dataset="source", filename="source.csv"))
        self.it.work_on(source)

        def queue(_):
            answer = self.it.request("POST", "/export", {"Content-Type": "application/json"}, b'{"dataset": "source"}')
            self.assertEqual(answer.status, 202, answer)
            return json.loads(answer.body)["uid"]
        jobs = self.each_point_of_a_runner(queue)
        wanted = hashlib.sha256(data.replace(b"\n", b"\r\n")).hexdigest()
        files = os.path.join(self.it.data_dir, "exports")
        for job in jobs:
            [name] = [name for name in os.listdir(files) if name.startswith(job.replace("-", ""))]
            with open(os.path.join(files, name), "rb") as file:
                self.assertEqual(hashlib.sha256(file.read()).hexdigest(), wanted)
        self.assert_reached(commit=2, fsync=2, rename=1)
        self.assert_nothing_is_left()

    def test_upload(self):
        for pool, lane in (("web", "file"), ("stream", "stream")):
            self.uploads(pool, lane)
        process = self.it.runner()
        jobs = [row[0] for row in self.it.rows("SELECT LOWER(INSERT(INSERT(INSERT(INSERT(HEX(uid), 9, 0, '-'), 14, 0, '-'), 19, 0, "
                                               "'-'), 24, 0, '-')) FROM jobs WHERE kind = 'import'")]
        for job in jobs:
            wait_until(lambda j=job: self.it.job(j)["state"] in ENDED, PATIENCE, f"the end of {job}")
            self.assert_loaded_exactly(job, 300, 0)
        self.it.end(process)
        self.assert_reached(commit=6, fsync=4, rename=2, xadd=2)
        self.assert_nothing_is_left()

    def uploads(self, pool, lane):
        """An upload in three pieces whose pool dies at its n-th point, for each n; its client goes on as tus says."""
        for n in range(1, MOST_POINTS):
            data = table(f"{pool} {n}", 300)
            reached = len(self.it.points_reached())
            self.it.restart_pool(pool, point=n)
            location = self.ask(pool, "POST", "/upload", {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data)),
                                                          "Idempotency-Key": f"{pool} {n}"}).header("Location")
            at = 0
            while at < len(data):
                end = min(len(data), at + len(data) // 3 + 1)
                answer = self.ask(pool, "PATCH", location, {**TUS, "Upload-Offset": str(at)}, data[at:end], lane, again=False)
                if answer is None:
                    answer = self.ask(pool, "HEAD", location, TUS)
                at = int(answer.header("Upload-Offset"))
            upload = location.rsplit("/", 1)[1]
            self.assertEqual(self.it.sql(f"SELECT COUNT(*) FROM jobs WHERE JSON_VALUE(params, '$.upload') = '{upload}'"), "1")
            self.assertEqual(self.it.content(upload), data)
            if len(self.it.points_reached()) == reached:
                break
        self.it.restart_pool(pool)
        self.assertEqual(self.it.sql("SELECT COUNT(*) FROM uploads WHERE state <> 'complete'"), "0")

    def ask(self, pool, method, target, headers, body=None, lane=None, again=True):
        """A request; when its pool dies, that is started again and asked again, or the answer is None."""
        while True:
            try:
                answer = self.it.request(method, target, headers, body, lane)
                if answer.status != 0:
                    return answer
            except OSError:
                pass
            wait_until(lambda: self.it.pool_died(pool), PATIENCE, f"{method} {target}: no answer, so the pool is dead")
            self.it.restart_pool(pool)
            if not again:
                return None
