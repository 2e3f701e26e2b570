# SPDX-License-Identifier: MIT
"""Runners that are killed, stopped or told to end while they work."""
import signal

from faults import PATIENCE, FaultTest, table
from support.wait import wait_until


class RunnerFaults(FaultTest):
    def test_runner_killed_in_the_middle_of_an_import(self):
        data = table(self.seed)
        job = self.upload(data, "killed.csv")
        killed = self.wait_in_the_middle(job)
        self.kill_runner(killed)
        self.succeeds(job)
        self.assert_loaded_exactly(job)
        self.assertIn("taken_over", self.events(job))
        self.assertEqual(self.column(job, "attempt"), "0")
        self.assertEqual(self.column(job, "crash_count"), "1")

    def test_runner_killed_in_the_middle_of_an_export(self):
        data = table(self.seed)
        self.succeeds(self.upload(data, "source.csv", dataset=f"source {self.seed}"))
        job = self.kill_in_the_middle_of_an_export(f"source {self.seed}")
        self.succeeds(job)
        self.assert_exported_exactly(job, data)
        self.assertIn("taken_over", self.events(job))

    def kill_in_the_middle_of_an_export(self, dataset):
        """An export is quick: its runner is stopped first, and killed if that was in time; else another one is tried."""
        for _ in range(20):
            job = self.export(dataset)
            holder = wait_until(lambda j=job: self.holder(j) or self.stack.job(j)["state"] == "succeeded", PATIENCE, "a holder",
                                every=0.001)
            if holder is True:
                continue
            self.signal_runner(holder, signal.SIGSTOP)
            if self.holder(job) == holder:
                self.kill_runner(holder)
                return job
            self.signal_runner(holder, signal.SIGCONT)
        raise AssertionError("no export could be caught while it ran")

    def test_runner_stopped_past_its_lease_and_woken_again(self):
        job = self.upload(table(self.seed), "stopped.csv")
        stopped = self.wait_in_the_middle(job, most=0.3)
        pid = self.signal_runner(stopped, signal.SIGSTOP)
        try:
            wait_until(lambda: "taken_over" in self.events(job), PATIENCE, "another runner takes the job over")
        finally:
            self.signal_runner(stopped, signal.SIGCONT)
        self.succeeds(job)
        self.assert_loaded_exactly(job)
        self.assertEqual(self.stack.pids(stopped)[stopped], pid)  # it was let live, and changed nothing

    def test_runners_told_to_end_yield_and_go_on_later(self):
        jobs = [self.upload(table(self.seed + i), f"yield{i}.csv") for i in range(3)]
        self.wait_in_the_middle(jobs[-1], most=0.2)
        self.stack.supervisor.stop("runner")
        for job in jobs:
            self.assertNotEqual(self.column(job, "state"), "running")
        self.assertIn("yielded", self.events(jobs[-1]))
        self.stack.supervisor.start("runner")
        for job in jobs:
            self.succeeds(job)
            self.assert_loaded_exactly(job)
            self.assertEqual((self.column(job, "attempt"), self.column(job, "crash_count")), ("0", "0"))

    def test_a_job_that_kills_its_runner_three_times_fails_and_can_be_retried(self):
        job = self.upload(table(self.seed), "poison.csv")
        for crash in range(1, 4):
            holder = wait_until(lambda: self.holder(job), PATIENCE, "a holder", every=0.001)
            if crash == 3:
                self.assertTrue(holder.startswith("quarantine"), holder)
            self.kill_runner(holder)
            wait_until(lambda c=crash: self.column(job, "crash_count") == str(c), PATIENCE, f"crash {crash} is counted")
        ended = self.stack.wait_job(job, timeout=PATIENCE)
        self.assertEqual((ended["state"], ended["error"]["code"]), ("failed", "job.runner_crashed"))
        self.stack.post(f"/jobs/{job}/retry")
        wait_until(lambda: self.stack.job(job)["state"] == "succeeded", PATIENCE, "the retry succeeds")
        self.assert_loaded_exactly(job)

    def test_a_cancelled_import_leaves_nothing(self):
        job = self.upload(table(self.seed), "cancelled.csv", dataset=f"cancelled {self.seed}")
        self.wait_in_the_middle(job)
        self.assertEqual(self.stack.post(f"/jobs/{job}/cancel").status, 202)
        wait_until(lambda: self.stack.job(job)["state"] == "cancelled", PATIENCE, "cancelled")
        wait_until(lambda: self.column(job, "cleanup_pending") == "0", PATIENCE, "cleaned up")
        self.assertEqual(self.stack.sql(f"SELECT id FROM datasets WHERE name = 'cancelled {self.seed}'"), [])
        names = [d["name"] for d in self.stack.get("/datasets").json["items"]]
        self.assertNotIn(f"cancelled {self.seed}", names)
