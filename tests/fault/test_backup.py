# SPDX-License-Identifier: MIT
"""A backup while files are loaded, uploaded and removed, put into an empty stack: the finished is there to the byte, the
unfinished goes on there."""
import hashlib
import os
import threading

from faults import PATIENCE, FaultTest, table
from support.stack import Stack
from support.tus import open_source
from support.wait import wait_until


class Backup(FaultTest):
    def setUp(self):
        super().setUp()
        self.other = Stack(SLUICE_RUNNER_PROCS=1, SLUICE_WEB_PROCS=1)
        self.addCleanup(self.other.stop)
        self.gone = 0
        self.folder = os.path.join(self.stack.data_dir, "backups", f"{self.seed}-{self._testMethodName}")

    def come_and_go(self, until):
        """Datasets that are made and deleted, each with its table, until told to end."""
        for number in range(1000):
            if until.is_set():
                return
            self.stack.load(table(number, 300), filename="gone.csv", dataset=f"gone {self.seed} {number}")
            dataset = next(d for d in self.stack.get("/datasets").json["items"] if d["name"] == f"gone {self.seed} {number}")
            self.stack.delete(f"/datasets/{dataset['uid']}")
            self.gone += 1

    def backup_under_load(self):
        done = threading.Event()
        traffic = threading.Thread(target=self.come_and_go, args=(done,))
        traffic.start()
        try:
            self.stack.sluice("ctl", "backup", self.folder)
        finally:
            done.set()
            traffic.join()
        self.assertGreater(self.gone, 0)

    def exported(self, stack, dataset):
        ordered = stack.post("/export", {"dataset": dataset})
        self.assertEqual(ordered.status, 202, ordered)
        job = stack.wait_job(ordered.json["uid"], timeout=PATIENCE)
        self.assertEqual(job["state"], "succeeded", job)
        return hashlib.sha256(stack.get(f"/export/{ordered.json['uid']}/file").body).hexdigest()

    def test_a_backup_under_load_is_restored_into_an_empty_stack(self):
        finished, running, half = (f"{word} {self.seed}" for word in ("finished", "running", "half"))
        small, large = table(self.seed, 20_000), table(self.seed + 1)
        self.succeeds(self.upload(small, "finished.csv", dataset=finished))
        export = self.export(finished)
        self.succeeds(export)
        location = self.stack.tus.create(len(small), filename="half.csv", dataset=half)
        self.assertEqual(self.stack.tus.patch(location, 0, small[:len(small) // 2]).status, 204)
        job = self.upload(large, "running.csv", dataset=running)
        self.wait_in_the_middle(job, most=0.1)
        self.backup_under_load()
        self.succeeds(job)  # nobody waited for the backup

        restored = self.other.start()
        self.assertIn(", 0 do not fit", restored.sluice("ctl", "restore", self.folder))
        self.assertEqual(self.exported(restored, finished), self.exported(self.stack, finished))
        self.assertEqual(restored.get(f"/export/{export}/file").body, self.stack.get(f"/export/{export}/file").body)
        self.assertEqual(restored.tus.offset(location), len(small) // 2)
        with open_source(small)[0] as source:
            restored.tus.resume(location, source, len(small))
        self.assertEqual(restored.wait_job(location.rsplit("/", 1)[1], timeout=PATIENCE)["state"], "succeeded")
        self.assertEqual(self.exported(restored, half), self.exported(restored, finished))
        self.assertEqual(restored.wait_job(job, timeout=PATIENCE)["state"], "succeeded")
        self.assertEqual(self.exported(restored, running), self.exported(self.stack, running))
        wait_until(lambda: restored.sql("SELECT id FROM jobs WHERE cleanup_pending = 1") == [], PATIENCE, "cleaned up")
        self.assertIn(", 0 do not fit", restored.sluice("ctl", "verify", "--hash"))
        again = restored.sluice("ctl", "restore", self.folder, check=False)
        self.assertIn("restore.not_empty", again)

    def test_a_damaged_or_unfinished_backup_changes_nothing(self):
        self.succeeds(self.upload(table(self.seed, 100), "damaged.csv", dataset=f"damaged {self.seed}"))
        self.stack.sluice("ctl", "backup", self.folder)
        self.assertIn("backup.not_empty", self.stack.sluice("ctl", "backup", self.folder, check=False))
        with open(os.path.join(self.folder, "main.sql"), "a") as dump:
            dump.write("-- changed\n")
        self.assertIn("restore.damaged", self.stack.sluice("ctl", "restore", self.folder, check=False))
        os.remove(os.path.join(self.folder, "manifest.json"))
        self.assertIn("restore.no_backup", self.stack.sluice("ctl", "restore", self.folder, check=False))
