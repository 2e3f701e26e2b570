# SPDX-License-Identifier: MIT
"""What the fault tests share: one stack, files whose every row is known, and counting what a job really did."""
import hashlib
import os
import random
import signal
import time
import unittest

from support.stack import Stack
from support.wait import wait_until

RECORDS = 500_000  # enough to be caught in the middle on a quick machine
PATIENCE = 120  # seconds: the machine may be slow; how quick Sluice is, the bench measures
_stack = None


def stack():
    """One stack for the suite: two runners of five slots, so that there is always another one to go on."""
    global _stack
    if _stack is None:
        _stack = Stack(SLUICE_RUNNER_PROCS=2, SLUICE_MAX_JOBS=10, SLUICE_WEB_PROCS=2).start()
    return _stack


def table(seed, records=RECORDS):
    """A CSV whose first column is 1..records, so that sums tell of a missing or doubled row."""
    values = random.Random(seed)
    lines = ["id,name,amount,day"]
    for number in range(1, records + 1):
        lines.append(f"{number},name {values.randrange(10**9)},{values.randrange(10**6)}.{number % 100:02d},"
                     f"20{values.randrange(10, 20)}-{values.randrange(1, 13):02d}-{values.randrange(1, 29):02d}")
    return ("\n".join(lines) + "\n").encode()


class FaultTest(unittest.TestCase):
    """Verbs. Every test begins with everything running."""

    def setUp(self):
        self.stack = stack()
        self.seed = int(os.environ.get("SLUICE_SEED", time.time_ns() % 1_000_000))
        self.random = random.Random(self.seed)
        print(f"seed {self.seed}", end=" ", flush=True)
        for program in ("mariadb", "redis", "runner", "quarantine", "web", "stream", "nginx"):
            self.stack.supervisor.start(program)
        self.stack.wait_running(timeout=PATIENCE)
        wait_until(lambda: self.stack.get("/readyz").status == 200, PATIENCE, "/readyz says yes")

    # --- jobs ---
    def upload(self, data, name, **metadata):
        """Upload; returns the uid of the import's job."""
        upload = self.stack.upload(data, filename=name, **metadata)
        return wait_until(lambda: self.stack.job_of(upload), PATIENCE, f"upload {upload} has a job")

    def column(self, job, name):
        """A column of the job's row."""
        return self.stack.sql(f"SELECT {name} AS value FROM jobs WHERE uid = UNHEX('{job.replace('-', '')}')")[0]["value"]

    def events(self, job):
        rows = self.stack.sql("SELECT event FROM job_events e JOIN jobs j ON j.id = e.job_id "
                              f"WHERE j.uid = UNHEX('{job.replace('-', '')}') ORDER BY e.id")
        return [row["event"] for row in rows]

    def holder(self, job):
        """Name of the runner that holds the job, or None."""
        rows = self.stack.sql("SELECT r.name FROM jobs j JOIN runners r ON r.id = j.runner_id "
                              f"WHERE j.uid = UNHEX('{job.replace('-', '')}') AND j.state = 'running'")
        return rows[0]["name"] if rows else None

    def wait_in_the_middle(self, job, least=0.05, most=0.4):
        """Wait until the job has loaded (or written) a random share of its records; returns its holder."""
        share = self.random.uniform(least, most)

        def there():
            row = self.stack.sql("SELECT state, phase, records_done, records_total FROM jobs "
                                 f"WHERE uid = UNHEX('{job.replace('-', '')}')")[0]
            if row["state"] not in ("queued", "running"):
                raise AssertionError(f"job {job} was {row} before the fault could happen: more records are needed")
            return row["phase"] in ("load", "write", "export") and int(row["records_done"]) >= share * RECORDS
        wait_until(there, PATIENCE, f"job {job} at {share:.2f}")
        return wait_until(lambda: self.holder(job), PATIENCE, "a holder")

    def succeeds(self, job):
        ended = self.stack.wait_job(job, timeout=PATIENCE)
        self.assertEqual(ended["state"], "succeeded", ended)
        return ended

    # --- effects ---
    def assert_loaded_exactly(self, job, records=RECORDS):
        """Each record is one row, in a published import; nothing else is in its table."""
        row = self.stack.sql("SELECT i.id, i.dataset_id, i.loaded, i.rejected, i.published_at FROM imports i JOIN jobs j "
                             f"ON j.id = i.job_id WHERE j.uid = UNHEX('{job.replace('-', '')}')")[0]
        self.assertIsNotNone(row["published_at"])
        self.assertEqual(int(row["loaded"]), records)
        counted = self.stack.sql(f"SELECT COUNT(*) AS n, SUM(c1) AS s, COUNT(DISTINCT row_no) AS d FROM ds_{row['dataset_id']} "
                                 f"WHERE import_id = {row['id']}", database="sluice_data")[0]
        self.assertEqual((int(counted["n"]), int(counted["d"])), (records, records))
        self.assertEqual(int(float(counted["s"])), records * (records + 1) // 2)

    def export(self, dataset):
        answer = self.stack.post("/export", {"dataset": dataset})
        self.assertEqual(answer.status, 202, answer)
        return answer.json["uid"]

    def assert_exported_exactly(self, job, data):
        """The bytes of the file that was loaded, with the line ends of RFC 4180."""
        data = data.replace(b"\n", b"\r\n")
        answer = self.stack.get(f"/export/{job}/file")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(hashlib.sha256(answer.body).hexdigest(), hashlib.sha256(data).hexdigest())

    # --- faults ---
    def signal_runner(self, name, number):
        pid = self.stack.pids(name)[name]
        os.kill(pid, number)
        return pid

    def kill_runner(self, name):
        return self.signal_runner(name, signal.SIGKILL)
