# SPDX-License-Identifier: MIT
"""Celery (Debian's) and BullMQ (npm, fetched on first use), each with a Redis of its own on a Unix socket."""
import contextlib
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time

import redis
from support.servers import ROOT
from support.wait import wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
WORKERS = 4  # processes of Celery: more than that only take the CPUs from each other


class Peer:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="peer-", dir="/tmp")
        self.socket = os.path.join(self.folder, "redis.sock")
        self.environment = {**os.environ, "PEER_REDIS": self.socket, "PYTHONPATH": HERE}
        self.processes = []
        self.start_redis()

    def start_redis(self):
        self.redis_process = self.start("redis-server", "--port", "0", "--unixsocket", self.socket, "--dir", self.folder,
                                        "--appendonly", "yes", "--save", "")
        self.redis = redis.Redis(unix_socket_path=self.socket)
        wait_until(lambda: self.answers(), 30, "Redis answers")

    def answers(self):
        with contextlib.suppress(redis.RedisError):
            return self.redis.ping()

    def start(self, *words):
        process = subprocess.Popen(words, env=self.environment, cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        self.processes.append(process)
        return process

    def stop(self):
        for process in reversed(self.processes):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Celery(Peer):
    name = "Celery"

    def __init__(self, late=False):
        super().__init__()
        self.environment["PEER_LATE"] = "1" if late else "0"
        os.environ.update(PEER_REDIS=self.socket, PEER_LATE=self.environment["PEER_LATE"])
        sys.path.insert(0, HERE)
        sys.modules.pop("tasks", None)
        import tasks
        self.tasks = tasks

    def start_worker(self):
        worker = self.start(sys.executable, "-m", "celery", "-A", "tasks", "worker", "--concurrency", str(WORKERS), "-l", "error")
        wait_until(lambda: self.tasks.app.control.ping(timeout=0.5), 60, "a worker answers")
        return worker

    def starts(self, count):
        self.start_worker()
        for number in range(count):
            self.tasks.begin.delay(time.time())
            wait_until(lambda n=number: self.redis.llen("begun") > n, 30, "it has begun", every=0.001)
        return [1000 * (float(end) - float(sent)) for sent, end in (line.split() for line in self.redis.lrange("begun", 0, -1))]

    def drain(self, count):
        for _ in range(count):
            self.tasks.begin.delay(time.time())
        self.start(sys.executable, "-m", "celery", "-A", "tasks", "worker", "--concurrency", str(WORKERS), "-l", "error")
        wait_until(lambda: self.redis.llen("begun") >= count, 300, "all have begun", every=0.05)
        times = sorted(float(line.split()[1]) for line in self.redis.lrange("begun", 0, -1))
        return count / (times[-1] - times[0])


class BullMQ(Peer):
    name = "BullMQ"

    def __init__(self):
        super().__init__()
        if not os.path.isdir(os.path.join(HERE, "node_modules", "bullmq")):
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=HERE, check=True)
        pinned = glob.glob(os.path.join(ROOT, "html", "tools", "node_modules", "node-linux-*", "bin", "node"))
        self.node = pinned[0] if pinned else "node"

    def run(self, *words):
        done = subprocess.run([self.node, "bullmq.mjs", *map(str, words)], cwd=HERE, env=self.environment, check=True,
                              capture_output=True, text=True)
        return done.stdout.split("\n")[:-1]

    def start_worker(self):
        return self.start(self.node, "bullmq.mjs", "worker")

    def starts(self, count):
        return [float(line) for line in self.run("starts", count)]

    def drain(self, count):
        return float(self.run("drain", count)[0])
