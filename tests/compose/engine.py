# SPDX-License-Identifier: MIT
"""The Docker Engine: the one that answers, or our own with everything in a temporary folder, stopped by its pid."""
import os
import signal
import subprocess
import tempfile
import time
import unittest

from support import ending
from support.wait import wait_until

PATIENCE = 90  # seconds: the machine may be slow
_engine = None


def engine():
    """The engine of this run. Where there is none the test is skipped, or fails (see tests/compose/run)."""
    global _engine
    if _engine is None:
        _engine = Engine()
        ending.at_exit(_engine)
    if _engine.problem:
        message = f"the Docker Engine cannot run here: {_engine.problem}"
        if os.environ.get("CI") == "true" and os.environ.get("SLUICE_ALLOW_NO_DOCKER") != "1":
            raise AssertionError(message + " (SLUICE_ALLOW_NO_DOCKER=1 allows it)")
        raise unittest.SkipTest(message)
    return _engine


class Engine:
    def __init__(self):
        self.problem, self.process, self.folder = None, None, None
        self.environment = {**os.environ, "DOCKER_BUILDKIT": "0", "COMPOSE_DOCKER_CLI_BUILD": "1"}
        if self.answers():
            return
        if os.getuid() != 0:
            self.problem = "none answers, and only root can start one"
            return
        self.folder = tempfile.mkdtemp(prefix="sluice-docker-", dir="/var/tmp")
        self.environment["DOCKER_HOST"] = f"unix://{self.folder}/docker.sock"
        with open(os.path.join(self.folder, "log"), "wb") as log:
            self.process = subprocess.Popen(
                ["dockerd", f"--data-root={self.folder}/data", f"--exec-root={self.folder}/exec",
                 f"--pidfile={self.folder}/pid", f"--host={self.environment['DOCKER_HOST']}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_until(lambda: self.answers() or self.process.poll() is not None, PATIENCE, "dockerd answers")
        except AssertionError as error:
            self.problem = str(error)
        if not self.answers():
            with open(os.path.join(self.folder, "log"), errors="replace") as log:
                self.problem = f"dockerd ended: {log.read()[-1500:]}"

    def answers(self):
        return subprocess.run(["docker", "version"], env=self.environment, capture_output=True).returncode == 0

    def stop(self):
        """Only what was started here."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        subprocess.run(["rm", "-rf", self.folder])  # a million files: much quicker than shutil

    def docker(self, *words, check=True, **options):
        """The output of a docker command; shown when it fails."""
        done = subprocess.run(["docker", *words], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, **options)
        if check and done.returncode != 0:
            raise AssertionError(f"docker {' '.join(words)} ended with {done.returncode}:\n{done.stdout[-6000:]}")
        return done.stdout.strip()

    def has_image(self, name):
        return subprocess.run(["docker", "image", "inspect", name], env=self.environment, capture_output=True).returncode == 0


class Timed:
    """with Timed("images built"): prints how long it took."""

    def __init__(self, what):
        self.what = what

    def __enter__(self):
        self.started = time.monotonic()
        return self

    @property
    def seconds(self):
        return time.monotonic() - self.started

    def __exit__(self, failure, *_):
        print(f"{self.what}: {self.seconds:.0f} s{' (failed)' if failure else ''}", flush=True)
