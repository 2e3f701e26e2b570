# SPDX-License-Identifier: MIT
"""MariaDB or Redis killed, stopped or emptied while jobs wait and run."""
from faults import PATIENCE, FaultTest, table
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
        data = table(self.seed)
        self.stack.supervisor.stop("redis")
        try:
            job = self.upload(data, "alone.csv", dataset=f"alone {self.seed}")
            self.wait_in_the_middle(job, most=0.2)
            self.assertEqual(self.stack.post(f"/jobs/{job}/pause").status, 202)
            wait_until(lambda: self.stack.job(job)["state"] == "paused", PATIENCE, "paused")
            self.assertEqual(self.stack.post(f"/jobs/{job}/resume").status, 202)
            self.succeeds(job)
            self.assert_loaded_exactly(job)
        finally:
            self.stack.supervisor.start("redis")

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
