# SPDX-License-Identifier: MIT
"""MariaDB or Redis killed, stopped or emptied while jobs wait and run."""
from faults import PATIENCE, RECORDS, FaultTest, table
from support.wait import wait_until


class ServerFaults(FaultTest):
    def test_mariadb_killed_in_the_middle_of_an_import(self):
        job = self.upload(table(self.seed), "database.csv")
        self.wait_in_the_middle(job)
        self.stack.kill9("mariadb")
        wait_until(lambda: self.stack.get("/readyz").status == 200, PATIENCE, "MariaDB is back")
        self.succeeds(job)
        self.assert_loaded_exactly(job)
        self.assertEqual((self.column(job, "attempt"), self.column(job, "crash_count")), ("0", "0"))

    def test_redis_killed_in_the_middle_of_an_import(self):
        job = self.upload(table(self.seed), "redis.csv")
        self.wait_in_the_middle(job)
        self.stack.kill9("redis")
        self.succeeds(job)
        self.assert_loaded_exactly(job)

    def test_without_redis_jobs_start_and_obey(self):
        self.stack.supervisor.stop("redis")
        try:
            job, records = self.pause_in_the_middle()
            self.assertEqual(self.stack.post(f"/jobs/{job}/resume").status, 202)
            self.succeeds(job)
            self.assert_loaded_exactly(job, records)
        finally:
            self.stack.supervisor.start("redis")

    def pause_in_the_middle(self):
        """A paused import and its records. Without Redis a wish is seen at the next renewal of the lease, and an import
        that ends before has succeeded: then a longer one is tried."""
        for records in (RECORDS, 3 * RECORDS, 9 * RECORDS):
            job = self.upload(table(self.seed, records), "alone.csv")
            self.wait_in_the_middle(job, most=0.1)
            if self.stack.post(f"/jobs/{job}/pause").status != 202:
                continue
            if wait_until(lambda j=job: self.settled(j), PATIENCE, "paused") == "paused":
                return job, records
        raise AssertionError("no import was long enough to be paused")

    def settled(self, job):
        state = self.stack.job(job)["state"]
        return state if state in ("paused", "succeeded") else None

    def test_an_emptied_redis_loses_no_job(self):
        data = table(self.seed, 200)
        self.succeeds(self.upload(data, "small.csv", dataset=f"small {self.seed}"))
        self.stack.supervisor.stop("runner")
        jobs = [self.export(f"small {self.seed}") for _ in range(30)]
        self.stack.wipe_redis()
        self.stack.supervisor.start("runner")
        for job in jobs:
            self.succeeds(job)
        self.assert_exported_exactly(jobs[-1], data)
