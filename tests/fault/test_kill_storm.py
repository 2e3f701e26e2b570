# SPDX-License-Identifier: MIT
"""Every second something is killed while files are uploaded and loaded. SLUICE_STORM_SECONDS (60) says for how long."""
import concurrent.futures
import contextlib
import glob
import hashlib
import os
import signal
import threading
import time

from faults import PATIENCE, FaultTest, table
from support.steady_upload import SteadyUpload
from support.wait import wait_until

SECONDS = float(os.environ.get("SLUICE_STORM_SECONDS", 60))
UPLOADERS = 20
RECORDS = 4000  # of a file: some 150 kB
VICTIMS = ("nginx worker", "web", "stream", "runner", "mariadb", "redis")


class KillStorm(FaultTest):
    def test_uploads_in_a_storm_of_kills(self):
        self.storm_is_over = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(UPLOADERS) as threads:
            uploaders = [threads.submit(self.upload_until_the_end, number) for number in range(UPLOADERS)]
            try:
                killed = self.kill_every_second()
            finally:
                self.storm_is_over.set()
            sent = [one for uploader in uploaders for one in uploader.result()]
        wait_until(lambda: self.stack.get("/readyz").status == 200, PATIENCE, "/readyz says yes")
        retried = sum(self.arrived_and_loaded(location, data) for location, data in sent)
        print(f"{sum(killed.values())} killed {killed}, {len(sent)} files, {retried} retried", end=" ", flush=True)
        self.assertGreaterEqual(len(sent), UPLOADERS)
        self.assertGreater(sum(killed.values()), SECONDS / 6)  # a busy machine kills more slowly, too
        self.nothing_is_left_over()

    # --- the storm ---
    def kill_every_second(self):
        """kill -9 of a random process each second; returns how often of each kind."""
        killed = dict.fromkeys(VICTIMS, 0)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            victim = self.random.choice(VICTIMS)
            pids = self.pids_of(victim)
            if pids:
                os.kill(self.random.choice(pids), signal.SIGKILL)
                killed[victim] += 1
            time.sleep(1)  # the storm's own pace
        return killed

    def pids_of(self, victim):
        program = victim.split()[0]
        running = [p["pid"] for p in self.stack.supervisor.find(program) if p["statename"] == "RUNNING"]
        if victim != "nginx worker":
            return running
        return [pid for master in running for pid in children(master)]

    # --- the uploads ---
    def upload_until_the_end(self, number):
        """One file after the other while the storm lasts; returns [(location, data)]."""
        sent = []
        while not self.storm_is_over.is_set():
            name = f"storm {self.seed} {number} {len(sent)}"
            data = table(f"{self.seed} {number} {len(sent)}", RECORDS)
            upload = SteadyUpload(self.stack.tus, data, name, chunk=24_000, streamed=number % 3 == 0, pause=0.4, patience=PATIENCE,
                                  filename=f"storm{number}.csv", dataset=name)
            sent.append((upload.run(), data))
        return sent

    def arrived_and_loaded(self, location, data):
        """The same bytes, each record loaded. Whether its job had to be retried: killed three times it is given up."""
        uid = location.rsplit("/", 1)[1]
        job = self.stack.wait_job(uid, timeout=PATIENCE)
        retried = job["state"] == "failed" and job["error"]["code"] == "job.runner_crashed"
        if retried:
            self.stack.post(f"/jobs/{job['uid']}/retry")
            wait_until(lambda: self.stack.job(job["uid"])["state"] == "succeeded", PATIENCE, f"retry of {job['uid']}")
            job = self.stack.job(job["uid"])
        self.assertEqual(job["state"], "succeeded", job)
        self.assertEqual(job["result"]["loaded"], RECORDS)
        file = self.stack.get(f"{location}/file")
        self.assertEqual(hashlib.sha256(file.body).hexdigest(), hashlib.sha256(data).hexdigest())
        return retried

    # --- what is left ---
    def nothing_is_left_over(self):
        """After a sweep: no row without its file, no file without a row, no two rows of one record."""
        folder = os.path.join(self.stack.data_dir, "uploads")
        for path in files_below(folder):
            os.utime(path, (0, 0))  # the sweep looks only at what is older than an hour
        pieces = os.path.join(folder, "pieces")
        before = len(list(files_below(os.path.join(folder, "incoming")))) + len(list(files_below(pieces)))
        self.sweep()
        print(f"{before} files of bodies and pieces before the sweep", end=" ", flush=True)
        self.assertIn(", 0 do not fit", self.stack.sluice("ctl", "verify", "--hash"))
        self.assertEqual(list(files_below(os.path.join(folder, "incoming"))), [])
        named = {row["file"] for row in self.stack.sql("SELECT DISTINCT file FROM upload_pieces")}
        self.assertEqual({os.path.relpath(path, pieces) for path in files_below(pieces)}, named)
        kept = {row["uid"].lower() for row in self.stack.sql(
            "SELECT HEX(uid) AS uid FROM uploads WHERE state = 'complete' AND assembled_at IS NOT NULL")}
        found = {os.path.basename(path).split(".")[0].replace("-", "") for path in files_below(os.path.join(folder, "files"))}
        self.assertEqual(found, kept)

    def sweep(self):
        """Wait for a sweep that begins from now on; the last one is made old, so that another is due."""
        self.stack.sql("UPDATE jobs SET created_at = created_at - INTERVAL 1 HOUR, finished_at = finished_at - INTERVAL 1 HOUR "
                       "WHERE kind = 'sweep' AND state IN ('succeeded', 'failed', 'cancelled')")
        last = self.stack.sql("SELECT COALESCE(MAX(id), 0) AS id FROM jobs WHERE kind = 'sweep'")[0]["id"]
        wait_until(lambda: self.stack.sql(f"SELECT id FROM jobs WHERE kind = 'sweep' AND id > {last} AND state = 'succeeded'"),
                   PATIENCE, "a sweep", every=0.2)


def children(parent):
    """The pids whose parent that is."""
    for stat in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError), open(stat) as file:
            if int(file.read().rpartition(")")[2].split()[1]) == parent:
                yield int(stat.split("/")[2])


def files_below(folder):
    for path, _, names in os.walk(folder):
        for name in names:
            yield os.path.join(path, name)
