# SPDX-License-Identifier: MIT
"""One stack behind the proxy for many trials, the verbs of a trial, and the faults of processes."""
import concurrent.futures
import contextlib
import itertools
import os
import signal
import subprocess
import threading
import time
import uuid

from database import Database
from effects import Effects
from files import csv_file, exported, sha256, team_file
from plan import PATIENCE, Plan
from proxy import Proxy
from support import tus
from support.http import request
from support.stack import Stack
from support.wait import wait_until

KINDS = ("import", "export", "team")
ACTIVE = ("queued", "running")
_numbers = itertools.count(1)


class World:
    def __init__(self, **settings):
        stack = self.stack = Stack(SLUICE_RUNNER_PROCS=4, SLUICE_MAX_JOBS=20, SLUICE_WEB_PROCS=2, SLUICE_STREAM_PROCS=1,
                                   **settings)
        stack.settings["SLUICE_DB_SOCKET"] = os.path.join(stack.folder, "proxy.sock")
        stack.settings["SLUICE_APP_DIR"] = os.path.join(stack.folder, "app")
        self.proxy = Proxy(stack.settings["SLUICE_DB_SOCKET"], os.path.join(stack.run_dir, "mariadb.sock"))
        self.db = Database(stack)
        self.data = csv_file()
        self.exported_sha256 = sha256(exported(self.data))
        self.seen_teams, self.lock = {}, threading.Lock()
        self.counts, self.counting = {}, threading.Lock()

    def start(self):
        self.stack.start()
        self.supervisord = self.stack.supervisor.pid()
        self.allow_flush()
        self.effects = Effects(self)
        job = self.make("import", dataset="reference")
        self.succeeds(job)
        self.effects.learn(job)
        # how many statements an attempt of each kind has, from its claim on: where faults may fall
        self.statements = {kind: self.count_statements(kind) for kind in KINDS}
        return self

    def stop(self):
        self.stack.stop()

    def allow_flush(self):
        """An account of the tests: Sluice's own may not flush."""
        with open(os.path.join(self.stack.state_dir, "secrets", "redis.acl"), "a") as accounts:
            accounts.write("user tests on nopass ~* &* +@all\n")
        self.stack.supervisor.stop("redis")
        self.stack.supervisor.start("redis")
        self.ready()

    def ready(self):
        """Everything runs and says so."""
        self.stack.wait_running(timeout=PATIENCE)
        wait_until(lambda: self.stack.get("/readyz").status == 200, PATIENCE, "/readyz says yes", every=0.05)

    def forget_datasets(self, which):
        for dataset in self.db.rows(f"SELECT LOWER(HEX(uid)) AS uid FROM datasets WHERE deleted_at IS NULL AND {which}"):
            self.stack.delete(f"/datasets/{uuid.UUID(dataset['uid'])}")

    def forget_uploads(self):
        for upload in self.db.rows("SELECT LOWER(HEX(uid)) AS uid FROM uploads WHERE state <> 'gone'"):
            self.stack.tus.delete(f"/upload/{uuid.UUID(upload['uid'])}")

    def count_statements(self, kind, where=None):
        job, plan = self.start_job(kind, Plan(where=where))
        self.succeeds(job)
        return plan.counted

    def count(self, where, kind):
        """Statements of a kind's attempt that match; counted once."""
        with self.counting:
            if (where, kind) not in self.counts:
                self.counts[where, kind] = self.count_statements(kind, where)
            return self.counts[where, kind]

    def mend(self):
        """After a trial that went wrong: nothing is held, everything runs."""
        for job in self.db.rows("SELECT id, kind, state, want, epoch, phase, crash_count, attempt, error_code FROM jobs "
                                "WHERE state IN ('queued', 'running') OR cleanup_pending = 1"):
            print("    left:", {k: v for k, v in job.items() if v is not None}, flush=True)
        os.kill(self.supervisord, signal.SIGCONT)
        self.proxy.default_plan = None
        self.proxy.web_plans.clear()
        for plan in list(self.proxy.plans.values()):
            plan.go_on()
        for name, pid in self.stack.pids().items():
            os.kill(pid, signal.SIGCONT)
        for program in ("mariadb", "redis", "runner", "quarantine", "web", "stream", "nginx"):
            self.stack.supervisor.start(program)
        self.ready()

    def tidy(self):
        """Remove what a line loaded: a long run would fill the disk."""
        self.proxy.plans.clear()
        self.forget_datasets("name <> 'reference'")
        self.forget_uploads()
        for export in self.db.rows("SELECT LOWER(HEX(j.uid)) AS uid FROM exports e JOIN jobs j ON j.id = e.job_id "
                                   "WHERE e.file IS NOT NULL AND e.deleted_at IS NULL"):
            self.stack.delete(f"/export/{uuid.UUID(export['uid'])}")

    # --- jobs ---
    def make(self, kind, dataset=None, data=None, headers=None):
        """Start a job over HTTP; returns its uid."""
        number = next(_numbers)
        if kind == "import":
            name = dataset or f"d{number}"
            location = tus.TusClient(self.stack.url).create(
                len(data or self.data), data or self.data, filename=f"{name}.csv", dataset=name)
            return self.stack.job_of(location.rsplit("/", 1)[1])
        if kind == "team":
            tag = f"t{number}x{os.getpid()}"
            answer = self.stack.post("/team", data or team_file(tag), {"Content-Type": "text/csv", **(headers or {})})
        else:
            tag = None
            answer = self.stack.post("/export", {"dataset": dataset or "reference"}, headers)
        if answer.status != 202:
            raise AssertionError(f"POST of a {kind}: {answer!r}")
        with self.lock:
            self.seen_teams[answer.json["uid"]] = tag
        return answer.json["uid"]

    def start_job(self, kind, plan, **how):
        """A job whose attempts go by the plan; returns (uid, plan)."""
        with self.proxy.expect():
            job = self.make(kind, **how)
            self.proxy.plan(self.id_of(job), plan)
        return job, plan

    def start_held(self, random, kind=None, share=None, **how):
        """A job that stands at a statement chosen at random (or at a share of all its statements): (uid, plan)."""
        kind = kind or random.choice(KINDS)
        most = self.count(how["where"], kind) if how.get("where") else self.statements[kind]
        at = random.randint(1, most) if share is None else max(1, int(most * share))
        while True:
            job, plan = self.start_job(kind, Plan(at, **how))
            if plan.wait(alive=lambda j=job: self.column(j, "state") in ACTIVE):
                plan.job, plan.kind = job, kind
                return job, plan
            if self.column(job, "state") != "succeeded":
                raise AssertionError(f"job {job} ended before its fault: {self.row(job)}")
            at = max(1, at * 3 // 4)  # the attempt was shorter than the one that was counted

    def hold_each(self, randoms, kinds=None, **how):
        """start_held for each, all held at the end. One that was held too long inside a transaction was let go by the
        server (idle_write_transaction_timeout) and is replaced."""
        kinds = kinds or [None] * len(randoms)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            held = list(pool.map(lambda pair: self.start_held(pair[0], pair[1], **how), zip(randoms, kinds)))
            for n, (_, plan) in enumerate(held):
                while not held[n][1].connection.open:
                    held[n] = self.start_held(randoms[n], plan.kind, **how)
        return held

    def id_of(self, job):
        return self.db.value("SELECT id FROM jobs WHERE uid = UNHEX(%s)", job.replace("-", ""))

    def row(self, job):
        return self.db.row("SELECT * FROM jobs WHERE uid = UNHEX(%s)", job.replace("-", ""))

    def column(self, job, name):
        return self.db.value(f"SELECT {name} FROM jobs WHERE uid = UNHEX(%s)", job.replace("-", ""))

    def events(self, job):
        return [row["event"] for row in self.db.rows("SELECT event FROM job_events e JOIN jobs j ON j.id = e.job_id "
                                                     "WHERE j.uid = UNHEX(%s) ORDER BY e.id", job.replace("-", ""))]

    def reaches(self, job, states, timeout=PATIENCE):
        states = (states,) if isinstance(states, str) else states
        return wait_until(lambda: (state := self.column(job, "state")) in states and state, timeout,
                          f"job {job} {states}", every=0.01)

    def succeeds(self, job):
        self.reaches(job, ("succeeded", "failed", "cancelled"))
        row = self.row(job)
        if row["state"] != "succeeded":
            raise AssertionError(f"job {job} ended as {row}")

    def goes_on(self, job, epoch, since):
        """Seconds from `since` until the job is worked on (or done) under a later epoch. None when it never is: one whose
        last COMMIT was on its way has succeeded without its runner."""
        def there():
            row = self.row(job)
            return row if row["state"] == "succeeded" or row["epoch"] > epoch and row["state"] == "running" else None
        found = wait_until(there, PATIENCE, f"job {job} goes on", every=0.01)
        return time.monotonic() - since if found["epoch"] > epoch else None

    # --- processes ---
    @contextlib.contextmanager
    def supervisord_stopped(self):
        """Nothing that dies is started again."""
        os.kill(self.supervisord, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.supervisord, signal.SIGCONT)

    def kill(self, *pids):
        for pid in set(pids):
            os.kill(pid, signal.SIGKILL)
        return time.monotonic()

    def pid(self, program):
        return next(iter(self.stack.pids(program).values()))

    def redis(self, *words):
        return subprocess.run(["redis-cli", "-s", os.path.join(self.stack.run_dir, "redis.sock"), "--user", "tests", "--pass",
                               "x", "--no-auth-warning", *words], check=True, capture_output=True, text=True).stdout

    def post(self, path, body=None, headers=None):
        """POST that may fail with its server: None then."""
        try:
            return request(self.stack.url, "POST", path, body, headers, 30)
        except OSError:
            return None

    def log_lines(self, text):
        """The lines of the runners' logs that have it."""
        folder, found = os.path.join(self.stack.state_dir, "log"), []
        for name in sorted(os.listdir(folder)):
            if name.startswith(("runner", "quarantine")):
                with open(os.path.join(folder, name), errors="replace") as log:
                    found += [line for line in log if text in line]
        return found
