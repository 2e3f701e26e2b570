# SPDX-License-Identifier: MIT
"""A private MariaDB and Redis on Unix sockets in a short temporary folder, for tests of core without the stack.

They are started by the same scripts that ./sluice up uses (supervisor/local.d/start-*), so users, databases and
options are those of the real stack; the sizes are smaller. An empty data folder takes seconds to make: it is made
once and kept under build/.
"""
import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile

from . import ending
from .wait import wait_until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SMALL = {"SLUICE_DB_BUFFER_POOL": "128M", "SLUICE_DB_LOG_SIZE": "64M"}


def database_template(user):
    """Path of a freshly made MariaDB data folder, owned by whoever runs the tests; made on first use."""
    folder = os.path.join(ROOT, "build", "test-cache")
    os.makedirs(folder, exist_ok=True)
    template = os.path.join(folder, f"mariadb-{user}")
    with open(template + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.isdir(template):
            # Made where every user gets to: the clone may lie in a folder that the stack's user cannot enter.
            with tempfile.TemporaryDirectory(prefix="sluice-", dir="/tmp") as reachable:
                os.chmod(reachable, 0o755)
                made = os.path.join(reachable, "mariadb")
                subprocess.run([os.path.join(ROOT, "supervisor", "local.d", "make-database"), made, user], check=True)
                shutil.rmtree(template + ".new", ignore_errors=True)
                subprocess.run(["cp", "-a", "--sparse=always", made, template + ".new"], check=True)
            os.rename(template + ".new", template)
    return template


class Servers:
    """with Servers() as servers: subprocess.run([...], env=servers.environment())"""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="sluice-", dir="/tmp")
        self.run_dir = os.path.join(self.folder, "run")
        self.state_dir = os.path.join(self.folder, "state")
        self.database_socket = os.path.join(self.run_dir, "mariadb.sock")
        self.redis_socket = os.path.join(self.run_dir, "redis.sock")
        self.processes = {}

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

    def environment(self):
        """The process environment with the settings (SLUICE_*) that lead to these servers."""
        script = f'set -euo pipefail; . "{ROOT}/supervisor/settings.sh"; settings; env -0'
        printed = subprocess.run(["bash", "-c", script], env=self._asked(), check=True, capture_output=True).stdout
        return dict(line.split("=", 1) for line in printed.decode().split("\0") if "=" in line)

    def _asked(self):
        return {**os.environ, **SMALL, "SLUICE_USER": pwd.getpwuid(os.getuid()).pw_name, "SLUICE_PORT": "0",
                "SLUICE_RUN_DIR": self.run_dir, "SLUICE_STATE_DIR": self.state_dir,
                "SLUICE_DB_TEMPLATE": database_template(pwd.getpwuid(os.getuid()).pw_name),
                "SLUICE_TEST_DB_SOCKET": self.database_socket, "SLUICE_TEST_REDIS_SOCKET": self.redis_socket}

    def start(self):
        ending.at_exit(self)
        script = f'set -euo pipefail; . "{ROOT}/supervisor/stack.sh"; settings; prepare_state; prepare_servers'
        subprocess.run(["bash", "-c", script], env=self._asked(), check=True)
        self.start_mariadb()
        self.start_redis()
        return self

    def start_mariadb(self):
        self._start("mariadb")
        wait_until(lambda: self._answers("mariadb"), 60, "MariaDB answers")

    def start_redis(self):
        self._start("redis")
        wait_until(lambda: self._answers("redis"), 30, "Redis answers")

    def _start(self, name):
        log = open(os.path.join(self.state_dir, "log", f"{name}.log"), "ab")
        self.processes[name] = subprocess.Popen(
            [os.path.join(ROOT, "supervisor", "local.d", f"start-{name}")], env=self.environment(),
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        log.close()

    def _answers(self, name):
        if self.processes[name].poll() is not None:
            with open(os.path.join(self.state_dir, "log", f"{name}.log")) as log:
                raise RuntimeError(f"{name} ended by itself:\n{log.read()[-3000:]}")
        script = f'. "{ROOT}/supervisor/stack.sh"; settings; {name}_answers'
        return subprocess.run(["bash", "-c", script], env=self._asked(), capture_output=True).returncode == 0

    def kill9(self, name):
        """kill -9 of "mariadb" or "redis"; start_<name>() brings it back on the same data."""
        self.processes[name].kill()
        self.processes.pop(name).wait()

    def stop(self):
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            if process.poll() is None:
                process.kill()
                process.wait()
        self.processes.clear()
        shutil.rmtree(self.folder, ignore_errors=True)
        ending.forget(self)
