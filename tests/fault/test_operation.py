# SPDX-License-Identifier: MIT
"""What operators do while work goes on."""
import threading

from faults import FaultTest, table


class Operation(FaultTest):
    def test_a_rolling_restart_fails_no_request_and_no_job(self):
        data = table(self.seed)
        job = self.upload(data, "rolling.csv")
        self.wait_in_the_middle(job, most=0.2)
        before = self.stack.pids()
        failed, asked, done = [], [0], threading.Event()

        def ask():
            while not done.is_set():
                answer = self.stack.get(f"/jobs/{job}")
                asked[0] += 1
                if answer.status != 200:
                    failed.append(answer)
        client = threading.Thread(target=ask)
        client.start()
        try:
            self.stack.sluice("ctl", "rolling-restart")
        finally:
            done.set()
            client.join()
        self.assertEqual(failed, [])
        self.assertGreater(asked[0], 0)
        self.succeeds(job)
        self.assert_loaded_exactly(job)
        self.assertEqual((self.column(job, "attempt"), self.column(job, "crash_count")), ("0", "0"))
        after = self.stack.pids()
        kept = [name for name in after if before.get(name) == after[name]]
        self.assertEqual(sorted(kept), ["mariadb", "nginx", "redis", "watch"])

    def test_files_rows_and_jobs_fit_after_a_crash(self):
        data = table(self.seed)
        job = self.upload(data, "verify.csv", dataset=f"verify {self.seed}")
        self.kill_runner(self.wait_in_the_middle(job))
        self.succeeds(job)
        self.succeeds(self.export(f"verify {self.seed}"))
        self.assertIn(", 0 do not fit", self.stack.sluice("ctl", "verify", "--hash"))

    def test_rings_can_be_made_again_by_hand(self):
        self.succeeds(self.upload(table(self.seed, 100), "rings.csv", dataset=f"rings {self.seed}"))
        self.stack.supervisor.stop("runner")
        job = self.export(f"rings {self.seed}")
        self.assertIn("rang for 1 jobs", self.stack.sluice("ctl", "requeue"))
        self.stack.supervisor.start("runner")
        self.succeeds(job)
