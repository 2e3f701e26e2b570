# SPDX-License-Identifier: MIT
"""Programs that are killed at their n-th crash point (crash_points.cpp): a runner and the two pools over private
servers, without supervisord, so that a test alone says when one is started again."""
import base64
import json
import os
import signal
import subprocess
import time

from cases.fixture import Pools, migrate
from support.servers import ROOT, Servers
from support.wait import wait_until

PATIENCE = 120
ENDED = ("succeeded", "failed", "cancelled")
TUS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


def build_library(folder):
    library = os.path.join(folder, "crash_points.so")
    source = os.path.join(ROOT, "tests", "fault", "crash_points.cpp")
    subprocess.run(["c++", "-std=c++20", "-O1", "-shared", "-fPIC", source, "-o", library, "-ldl"], check=True)
    return library


class Crashing(Pools):
    """with Crashing() as it: the pools run; it.runner(3) is a runner that dies at its third point."""

    def __init__(self, settings=None):
        self.servers = Servers().start()
        migrate(self.servers)
        super().__init__(self.servers, settings)
        self.library = None  # made when it is first needed
        self.reached = os.path.join(self.servers.folder, "reached")
        self.runners = []

    def __exit__(self, *details):
        try:
            for process in self.runners:
                if process.poll() is None:
                    process.kill()
                    process.wait()
            super().__exit__(*details)
        finally:
            self.servers.stop()

    @staticmethod
    def program():
        return os.path.join(ROOT, "build", "release", "fcgi-app", "sluice-fcgi")

    # --- processes ---
    def crash_at(self, point):
        self.library = self.library or build_library(self.servers.folder)
        return {"LD_PRELOAD": self.library, "CRASH_AT": str(point), "CRASH_LOG": self.reached}

    def restart_pool(self, pool, point=None):
        """The pool anew; with a point it will die there."""
        process = self.processes.pop(pool)
        process.kill()
        process.wait()
        plain = self.environment
        self.environment = {**plain, **(self.crash_at(point) if point else {})}
        try:
            self.start(pool)
        finally:
            self.environment = plain

    def pool_died(self, pool):
        return self.processes[pool].poll() == -signal.SIGKILL

    def runner(self, point=None, slots=1):
        environment = {**self.environment, **({**self.crash_at(point), "CRASH_SLOTS": "1"} if point else {})}
        with open(self.log_file(), "ab") as log:
            process = subprocess.Popen([os.path.join(ROOT, "build", "release", "jobs", "sluice-runner"), "--slots", str(slots)],
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        self.runners.append(process)
        return process

    def end(self, process):
        """SIGTERM; True when the runner had reached its point before."""
        process.terminate()
        self.runners.remove(process)
        code = process.wait(PATIENCE)
        if code not in (0, -signal.SIGKILL):
            raise AssertionError(f"the runner ended with {code}:\n{self.log()[-3000:]}")
        return code == -signal.SIGKILL

    def points_reached(self):
        """What the processes were killed at, in order."""
        if not os.path.exists(self.reached):
            return []
        with open(self.reached) as lines:
            return lines.read().splitlines()

    # --- jobs ---
    def job(self, uid):
        answer = self.request("GET", f"/jobs/{uid}")
        if answer.status != 200:
            raise AssertionError(f"GET /jobs/{uid}: {answer!r}")
        return json.loads(answer.body)

    def work_on(self, uid, point=None):
        """A runner works until the job has ended or the point is reached; True when it was reached."""
        if self.job(uid)["state"] in ENDED:
            return False  # the last point came after the last commit
        process = self.runner(point)
        wait_until(lambda: process.poll() is not None or self.job(uid)["state"] in ENDED, PATIENCE, f"the end of job {uid}",
                   every=0.01)
        return self.end(process)

    def upload(self, data, pieces=1, **metadata):
        """An upload of so many pieces; returns its uid."""
        words = ",".join(f"{key} {base64.b64encode(str(value).encode()).decode()}" for key, value in metadata.items())
        answer = self.request("POST", "/upload", {**TUS, "Upload-Length": str(len(data)), "Upload-Metadata": words})
        if answer.status != 201:
            raise AssertionError(answer)
        location = answer.header("Location")
        ends = [len(data) * (i + 1) // pieces for i in range(pieces)]
        for start, end in zip([0, *ends], ends):
            answer = self.request("PATCH", location, {**TUS, "Upload-Offset": str(start)}, data[start:end])
            if answer.status != 204:
                raise AssertionError(answer)
        return location.rsplit("/", 1)[1]

    def job_of(self, upload):
        return json.loads(self.request("GET", f"/upload/{upload}").body)["job"]["uid"]

    def rows(self, query):
        """All rows of the answer, each a list of texts."""
        done = subprocess.run(
            ["mariadb", f"--defaults-extra-file={self.servers.state_dir}/secrets/migrate.cnf",
             f"--socket={self.servers.database_socket}", "--batch", "--skip-column-names", "sluice", "-e", query],
            check=True, capture_output=True, text=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    # --- the sweep, which would come in between ---
    def put_off_sweep(self):
        """One sweep is done, and none comes by itself."""
        self.let_sweep()
        self.sql("UPDATE jobs SET created_at = created_at + INTERVAL 1 DAY WHERE kind = 'sweep'")

    def let_sweep(self):
        """Everything is old enough for the sweep, which comes once now."""
        for folder, _, names in os.walk(self.data_dir):
            for name in names:
                os.utime(os.path.join(folder, name), (time.time() - 7200,) * 2)
        done = int(self.sql("SELECT COUNT(*) FROM jobs WHERE kind = 'sweep' AND state = 'succeeded'"))
        self.sql("UPDATE jobs SET created_at = UTC_TIMESTAMP(6) - INTERVAL 2 DAY WHERE kind = 'sweep'")
        process = self.runner()
        wait_until(lambda: int(self.sql("SELECT COUNT(*) FROM jobs WHERE kind = 'sweep' AND state = 'succeeded'")) > done,
                   PATIENCE, "a sweep is done")
        wait_until(lambda: self.sql("SELECT COUNT(*) FROM jobs WHERE cleanup_pending = 1 OR state IN ('queued', 'running')")
                   == "0", PATIENCE, "nothing is left to do")
        self.end(process)
