# SPDX-License-Identifier: MIT
"""A whole stack for tests: nginx, pools and runners under supervisord, on a free port, with its own data.

Started and stopped by ./sluice itself (`start`, `down`) from build/release and html/dist, so what is tested is what
people run. Settings of a test are given as keywords: Stack(SLUICE_RUNNER_PROCS=1).
"""
import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import xml.etree.ElementTree

from . import ending, http, tus
from .datasets import DatasetVerbs
from .servers import ROOT, SMALL, database_template
from .supervisor import Supervisor
from .wait import wait_until

ENDED = ("succeeded", "failed", "cancelled")
_shared = None


def shared(**settings):
    """One stack for all test modules of a run: started at the first call, with its settings, and stopped at exit."""
    global _shared
    if _shared is None:
        _shared = Stack(**settings).start()
    return _shared


def stack_user():
    """Who the stack runs as: the system user `sluice` under root, else ourselves."""
    import pwd
    return "sluice" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name


class Stack(DatasetVerbs):
    def __init__(self, **settings):
        self.folder = tempfile.mkdtemp(prefix="sluice-", dir="/tmp")
        os.chmod(self.folder, 0o755)
        self.state_dir = os.path.join(self.folder, "state")
        self.run_dir = os.path.join(self.folder, "run")
        self.data_dir = os.path.join(self.state_dir, "data")
        self.settings = {key: str(value) for key, value in settings.items()}
        self.port = None

    # --- life ---
    def __enter__(self):
        return self.start()

    def __exit__(self, failure, *_):
        if failure:
            self.print_logs()
        self.stop()

    def environment(self):
        return {**os.environ, **SMALL, "SLUICE_PORT": str(self.port), "SLUICE_STATE_DIR": self.state_dir,
                "SLUICE_RUN_DIR": self.run_dir, "SLUICE_DB_TEMPLATE": database_template(stack_user()),
                "SLUICE_MIN_FREE_DISK": "64m", **self.settings}

    def sluice(self, *words, check=True):
        """./sluice with this stack's settings; its output is returned, and shown when it fails."""
        done = subprocess.run([os.path.join(ROOT, "sluice"), *words], env=self.environment(), text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if check and done.returncode != 0:
            self.print_logs()
            raise AssertionError(f"./sluice {' '.join(words)} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout

    def start(self):
        """Start (again). A port that somebody took in the meantime is given up for another one, the first time."""
        ending.at_exit(self)
        subprocess.run([os.path.join(ROOT, "sluice"), "user"], check=True)
        first = self.port is None
        if first:
            self.port = free_port()
        try:
            self.sluice("start")
        except AssertionError:
            if not first or not port_taken(self.port):
                self.stop()
                raise
            self.sluice("down", check=False)
            self.port = free_port()
            self.sluice("start")
        return self

    def down(self):
        """Stop everything, keep the data."""
        self.sluice("down")

    def stop(self):
        """Stop everything and remove the data."""
        self.sluice("down", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
        ending.forget(self)

    def print_logs(self, lines=15):
        log_dir = os.path.join(self.state_dir, "log")
        for name in sorted(os.listdir(log_dir)) if os.path.isdir(log_dir) else []:
            with open(os.path.join(log_dir, name), errors="replace") as log:
                tail = log.readlines()[-lines:]
            if tail:
                print(f"--- {name} ---\n{''.join(tail)}", flush=True)

    def logged(self, program):
        """The JSON lines that the processes of a program have written."""
        lines = []
        for path in glob.glob(os.path.join(self.state_dir, "log", f"{program}*.log")):
            with open(path, errors="replace") as log:
                lines += [json.loads(line) for line in log if line.startswith("{") and line.endswith("}\n")]
        return lines

    # --- requests ---
    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def request(self, method, path, body=None, headers=None, timeout=30):
        return http.request(self.url, method, path, body, headers, timeout)

    def get(self, path, headers=None):
        return self.request("GET", path, None, headers)

    def post(self, path, body=None, headers=None):
        """body: dict (sent as JSON), bytes, str or None."""
        return self.request("POST", path, body, headers)

    def delete(self, path, headers=None):
        return self.request("DELETE", path, None, headers)

    @property
    def tus(self):
        return tus.TusClient(self.url)

    # --- verbs ---
    def upload(self, data, piece=8 << 20, **metadata):
        """Upload a path or bytes by tus; metadata: filename, dataset, mode, load, types. Returns the upload's uid."""
        if isinstance(data, str):
            metadata.setdefault("filename", os.path.basename(data))
        return self.tus.upload(data, piece, **metadata).rsplit("/", 1)[1]

    def job_of(self, uid):
        """The uid of the job that the upload (or export, team import, job) with this uid has."""
        upload = self.get(f"/upload/{uid}")
        if upload.status == 404:
            return uid
        if upload.status != 200:
            raise AssertionError(f"GET /upload/{uid}: {upload!r}")
        job = upload.json.get("job") or {}
        return job.get("uid") if isinstance(job, dict) else job

    def job(self, uid):
        answer = self.get(f"/jobs/{uid}")
        if answer.status != 200:
            raise AssertionError(f"GET /jobs/{uid}: {answer!r}")
        return answer.json

    def wait_job(self, uid, states=ENDED, timeout=60, every=0.02):
        """Wait until the job (given by its own uid or its upload's) is in one of the states, looking at it every so many
        seconds; returns its JSON."""
        states = (states,) if isinstance(states, str) else tuple(states)
        job_uid = wait_until(lambda: self.job_of(uid), timeout, f"upload {uid} has a job")
        seen = {}

        def there():
            seen.update(self.job(job_uid))
            if seen["state"] in states:
                return True
            if seen["state"] in ENDED:
                raise AssertionError(f"job {job_uid} ended as {seen}, wanted {states}")
            return False
        try:
            wait_until(there, timeout, f"job {job_uid} in {states}", every)
        except AssertionError as error:
            raise AssertionError(f"{error}; the job: {seen}") from None
        return seen

    def sql(self, query, database="sluice"):
        """Run SQL as the migration user; rows as dicts of text (NULL is None). Use HEX() for binary columns."""
        secrets = os.path.join(self.state_dir, "secrets")
        done = subprocess.run(
            ["mariadb", f"--defaults-extra-file={secrets}/migrate.cnf", f"--socket={self.run_dir}/mariadb.sock",
             "--default-character-set=utf8mb4", "--xml", database, "-e", query], capture_output=True)
        if done.returncode != 0:
            raise AssertionError(f"{query}: {done.stderr.decode()}")
        nil = "{http://www.w3.org/2001/XMLSchema-instance}nil"
        if not done.stdout.strip():
            return []
        return [{field.get("name"): None if field.get(nil) == "true" else (field.text or "") for field in row}
                for row in xml.etree.ElementTree.fromstring(done.stdout).iter("row")]

    def administrator(self, statement, **options):
        """A client (with these options of Popen) that runs the statement as the administrator of the stack's MariaDB, in sluice_data; a Popen."""
        return subprocess.Popen(
            ["mariadb", "--no-defaults", f"--socket={self.run_dir}/mariadb.sock", "--user", stack_user(), "--local-infile=1",
             "--default-character-set=utf8mb4", "sluice_data", "-e", statement], **({"user": stack_user()} if os.getuid() == 0 else {}), **options)

    # --- processes ---
    @property
    def supervisor(self):
        return Supervisor(os.path.join(self.run_dir, "supervisor.sock"))

    def pids(self, program=None):
        """{name: pid} of the running programs, all or those of a kind: pids("runner") -> {"runner_00": 4711, ...}"""
        found = self.supervisor.find(program) if program else self.supervisor.programs()
        return {p["name"]: p["pid"] for p in found if p["pid"]}

    def kill9(self, program):
        """kill -9 of one program ("runner_00", "nginx", "mariadb", ...) or of all of a kind; returns the pids."""
        pids = self.pids(program)
        for pid in pids.values():
            os.kill(pid, signal.SIGKILL)
        return pids

    def wait_running(self, program=None, timeout=30):
        """Wait until the programs (all, or those named) are RUNNING under supervisord."""
        def running():
            found = self.supervisor.find(program) if program else self.supervisor.programs()
            return all(p["statename"] == "RUNNING" for p in found)
        wait_until(running, timeout, f"{program or 'every program'} RUNNING")

    def wipe_redis(self):
        """What FLUSHALL and a lost disk do at once: Redis restarts empty."""
        self.supervisor.stop("redis")
        folder = os.path.join(self.state_dir, "redis")
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
        self.supervisor.start("redis")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_taken(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

