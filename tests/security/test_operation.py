# SPDX-License-Identifier: MIT
"""Requirements 55 to 63 as far as one stack shows them: resources, servers that are away, secrets, rights, the build."""
import glob
import os
import pwd
import re
import stat
import subprocess
import time

from hostile import SecurityTest
from support import pace
from support.servers import ROOT
from support.stack import stack_user
from support.wait import wait_until

PROGRAMS = ("fcgi-app/sluice-fcgi", "jobs/sluice-runner", "ctl/sluicectl")


def inside(pid, name):
    with open(f"/proc/{pid}/{name}", "rb") as file:
        return file.read()


class Operation(SecurityTest):
    def secrets(self):
        folder = os.path.join(self.stack.state_dir, "secrets")
        for name in ("db_migrate", "db_runner", "db_web", "redis"):
            with open(os.path.join(folder, name)) as file:
                yield file.read().strip()

    def test_55_bodies_wait_on_the_volume_of_the_uploads(self):
        """The reserve and a full disk: suites cases (disk_reserve, no_space, pieces_cap) and fault (test_disk_full)."""
        with open(os.path.join(self.stack.state_dir, "conf", "nginx", "nginx.conf")) as conf:
            folder = re.search(r'client_body_temp_path "?([^";]+)', conf.read()).group(1).split()[0]
        self.assertTrue(folder.startswith(os.path.join(self.stack.data_dir, "uploads")), folder)

    def test_56_without_redis_work_is_taken_and_done(self):
        self.stack.load(b"a\n1\n", filename="redis.csv", dataset="redis")
        self.stack.supervisor.stop("redis")
        try:
            answer = self.stack.post("/export", {"dataset": "redis"})
            self.assertEqual(answer.status, 202, answer)
            self.stack.wait_job(answer.json["uid"], "succeeded")
        finally:
            self.stack.supervisor.start("redis")
        wait_until(lambda: self.stack.get("/readyz").json["checks"]["redis"]["ok"], 30, "Redis is there again")

    def test_57_without_its_database_it_says_so_and_comes_back(self):
        before = self.stack.pids()
        self.stack.supervisor.stop("mariadb")
        try:
            for path in ("/jobs", "/upload", "/datasets"):
                answer = wait_until(lambda path=path: (a := self.stack.get(path)).status == 503 and a, 30, "503")
                self.assertEqual(answer.headers["Retry-After"], "2")
                self.assertEqual(answer.json["code"], "db.unavailable")
        finally:
            self.stack.supervisor.start("mariadb")
        begun = time.monotonic()
        wait_until(lambda: self.stack.get("/jobs").status == 200, 60, "it answers again")
        self.assertLess(time.monotonic() - begun, 5 * pace.slowness())
        wait_until(lambda: self.stack.get("/readyz").status == 200, 60, "runners too")
        after = self.stack.pids()
        self.assertEqual({**before, "mariadb": 0}, {**after, "mariadb": 0})  # nobody ended over it

    def test_57_there_are_connections_for_every_thread(self):
        threads = sum(len(os.listdir(f"/proc/{pid}/task")) for kind in ("web", "runner", "quarantine") for pid in self.stack.pids(kind).values())
        most = int(self.stack.sql("SHOW VARIABLES LIKE 'max_connections'")[0]["Value"])
        loaders = self.sql("SELECT COUNT(*) FROM runners WHERE ended_at IS NULL")  # one more a slot
        streams = len(self.stack.pids("stream")) * 9
        self.assertGreaterEqual(most, threads + int(loaders) + streams)

    def test_59_redis_takes_only_what_is_needed(self):
        """That nothing but nginx listens to others: suite compose."""
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.stack.run_dir, "redis.sock")).st_mode), 0o700)
        password = list(self.secrets())[3]
        for words in (["FLUSHALL"], ["CONFIG", "GET", "*"], ["EVAL", "return 1", "0"], ["KEYS", "*"], ["XADD", "other", "*", "a", "b"], ["SHUTDOWN"]):
            done = subprocess.run(["redis-cli", "-s", f"{self.stack.run_dir}/redis.sock", "--user", "sluice", "--no-auth-warning", *words],
                                  env={**os.environ, "REDISCLI_AUTH": password}, capture_output=True, text=True)
            self.assertIn("NOPERM", done.stdout + done.stderr, words)

    def test_60_supervisor_is_reached_by_its_user_only_and_nothing_runs_as_root(self):
        user = pwd.getpwnam(stack_user()).pw_uid
        for name in ("supervisor.sock", "web.sock", "stream.sock"):
            found = os.stat(os.path.join(self.stack.run_dir, name))
            self.assertEqual((found.st_uid, found.st_mode & 0o007), (user, 0), name)
        for pid in [self.stack.supervisor.pid(), *self.stack.pids().values()]:
            self.assertEqual(os.stat(f"/proc/{pid}").st_uid, user, inside(pid, "cmdline"))
        for path in glob.glob(os.path.join(ROOT, "supervisor", "**", "*.conf"), recursive=True):
            with open(path) as conf:
                self.assertNotRegex(conf.read(), r"(?m)^\s*\[inet_http_server")

    def test_61_secrets_are_in_files_and_nowhere_else(self):
        self.stack.get("/readyz")
        metrics = self.stack.get("/metrics").body
        places = {path: None for path in glob.glob(os.path.join(self.stack.state_dir, "log", "*"))}
        places.update({f"/proc/{pid}/{name}": None for pid in [self.stack.supervisor.pid(), *self.stack.pids().values()] for name in ("environ", "cmdline")})
        secrets = list(self.secrets())
        self.assertEqual(len(set(secrets)), 4)
        self.assertIn(b'name="DB_WEB_PASSWORD",value="set"', metrics)
        for hidden in (*secrets, self.stack.state_dir, self.stack.run_dir):
            self.assertNotIn(hidden.encode(), metrics)
        settings = self.stack.sluice("ctl", "config")
        self.assertIn("SLUICE_DB_WEB_PASSWORD", settings)
        for secret in secrets:
            self.assertNotIn(secret, settings)
        for path in places:
            with open(path, "rb") as file:
                content = file.read()
            for secret in secrets:
                self.assertGreaterEqual(len(secret), 32)
                self.assertNotIn(secret.encode(), content, path)
        folder = os.path.join(self.stack.state_dir, "secrets")
        self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
        for name in os.listdir(folder):
            self.assertEqual(stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) & 0o077, 0, name)

    def test_63_programs_are_built_to_withstand(self):
        """All suites of core run under sanitizers; tests/fuzz has the fuzzers."""
        for program in PROGRAMS:
            path = os.path.join(ROOT, "build", "release", program)
            shown = subprocess.run(["readelf", "-Wdls", path], capture_output=True, text=True, check=True).stdout
            header = subprocess.run(["readelf", "-h", path], capture_output=True, text=True, check=True).stdout
            self.assertRegex(header, r"Type:\s+DYN", program)  # position independent
            self.assertIn("GNU_RELRO", shown, program)
            self.assertRegex(shown, r"BIND_NOW|FLAGS.*NOW", program)
            self.assertRegex(shown, r"GNU_STACK .* RW ", program)
            symbols = subprocess.run(["readelf", "-Ws", "--dyn-syms", path], capture_output=True, text=True, check=True).stdout
            self.assertIn("__stack_chk_fail", symbols, program)
            self.assertRegex(symbols, r"__\w+_chk\b", program)  # _FORTIFY_SOURCE
