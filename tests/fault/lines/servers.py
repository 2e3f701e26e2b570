# SPDX-License-Identifier: MIT
"""MariaDB, Redis or nginx killed, emptied or away while jobs wait and run."""
import concurrent.futures
import socket
import threading
import time

from files import csv_file, exported, sha256
from line import Line
from plan import PATIENCE, Plan
from support.http import request
from support.wait import wait_until


class RedisAway(Line):
    name = "kill -9 Redis, away for a while"
    limit, what, at_once = 2, "cancelled without Redis", 4
    long_away = 30  # seconds, once a run of many seeds

    def batch(self, world, randoms):
        running = world.hold_each(randoms)
        slow = [world.start_job("import", Plan(pace=1.0)) for _ in randoms]  # six seconds and more
        for job, _ in slow:
            world.reaches(job, "running")
        away, redis = time.monotonic(), world.pid("redis")
        with world.supervisord_stopped():
            world.kill(redis)
            for random, (_, plan) in zip(randoms, running):
                time.sleep(random.uniform(0, 0.2))
                plan.go_on()
            queued = [(world.make(random.choice(("import", "export", "team"))), time.monotonic()) for random in randoms]
            with concurrent.futures.ThreadPoolExecutor(len(slow)) as pool:  # side by side: none may come to its end first
                took = list(pool.map(lambda pair: self.cancelled(world, pair[0]), slow))
            for job, _ in running + queued:
                world.succeeds(job)
            starts = [world.db.value("SELECT TIMESTAMPDIFF(MICROSECOND, created_at, started_at) FROM jobs WHERE uid = UNHEX(%s)",
                                     job.replace("-", "")) / 1e6 for job, _ in queued]
            assert max(starts) < 10, f"queued jobs waited {starts} s"  # promised: 1 s
            if RedisAway.long_away and len(randoms) == self.at_once:
                wait_until(lambda: time.monotonic() - away > RedisAway.long_away, PATIENCE, "away long enough")
                RedisAway.long_away = 0
        world.ready()
        for job, _ in running + queued:
            world.effects.exactly(job)
        for job, _ in slow:
            world.effects.nothing(job)
        return took

    def cancelled(self, world, job):
        """Seconds until the state is shown."""
        asked = time.monotonic()
        assert world.stack.post(f"/jobs/{job}/cancel").status == 202
        world.reaches(job, "cancelled")
        return time.monotonic() - asked


class Flushed(Line):
    name = "Redis FLUSHALL with 60 queued and 20 running"
    limit, what, at_once = 1, "going again", 1

    def trial(self, world, random):
        held = world.hold_each([random] * 20, ["export"] * 20, where="^START TRANSACTION|^SELECT")
        queued = [world.make("export") for _ in range(60)]
        world.redis("FLUSHALL")
        time.sleep(random.uniform(0, 0.2))
        for _, plan in held:
            plan.go_on()
        free = time.monotonic()
        wait_until(lambda: any(world.column(job, "started_at") for job in queued), PATIENCE, "one of the queued starts", every=0.01)
        took = time.monotonic() - free
        for job in [job for job, _ in held] + queued:
            world.succeeds(job)
            world.effects.legal(job)
        for job in random.sample(queued, 3) + [held[0][0]]:
            world.effects.exactly(job)
        started = world.db.value("SELECT COUNT(*) FROM job_events e JOIN jobs j ON j.id = e.job_id WHERE e.event = 'started' AND "
                                 f"LOWER(HEX(j.uid)) IN ({','.join(repr(job.replace('-', '')) for job in queued)})")
        assert started == 60, started  # none was done twice
        return took


class DatabaseKilled(Line):
    name = "kill -9 MariaDB, back after a while"
    limit, what, at_once = 5, "worked on again, once it is back", 5
    long_away = 10

    def batch(self, world, randoms):
        held = world.hold_each(randoms)
        before = {job: world.row(job) for job, _ in held}
        seconds = randoms[0].uniform(0, 2)
        if len(randoms) == self.at_once and DatabaseKilled.long_away:
            seconds, DatabaseKilled.long_away = DatabaseKilled.long_away, 0
        mariadb = world.pid("mariadb")
        with world.supervisord_stopped():
            killed = world.kill(mariadb)
            for random, (_, plan) in zip(randoms, held):
                random.choice((plan.drop, plan.go_on))()
            answer = request(world.stack.url, "GET", "/jobs")
            assert answer.status == 503 and answer.headers["Retry-After"], answer
            wait_until(lambda: time.monotonic() - killed >= seconds, PATIENCE, "away long enough")
        wait_until(lambda: world.db.value("SELECT 1"), PATIENCE, "MariaDB answers", every=0.01)
        back = time.monotonic()
        took = [world.goes_on(job, before[job]["epoch"], back) for job, _ in held]
        for job, _ in held:
            world.succeeds(job)
        world.ready()
        for job, _ in held:
            world.effects.exactly(job)
            row = world.row(job)
            assert (row["attempt"], row["crash_count"]) == (0, 0), (row, world.events(job))
        return took


class Download(threading.Thread):
    """A slow reader of an export's file, until its connection breaks."""

    def __init__(self, world, path):
        super().__init__(daemon=True)
        self.got, self.first, self.go = b"", threading.Event(), threading.Event()
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", world.stack.port))
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{world.stack.port}\r\nConnection: close\r\n\r\n".encode())
        self.start()

    def run(self):
        try:
            while block := self.socket.recv(4096):
                self.got += block
                self.first.set()
                self.go.wait()
        except OSError:
            pass  # cut
        head, _, self.body = self.got.partition(b"\r\n\r\n")
        self.etag = next((line.split(b": ")[1].decode() for line in head.split(b"\r\n") if line.lower().startswith(b"etag")), None)


class NginxKilled(Line):
    name = "kill -9 nginx under downloads"
    limit, what, at_once = 5, "the download goes on", 5

    def batch(self, world, randoms):
        data = csv_file(300_000, ())  # more than the sockets' buffers hold
        world.succeeds(world.make("import", "big", data))
        big = world.make("export", "big")
        world.succeeds(big)
        expected, path = sha256(exported(data, ())), f"/export/{big}/file"
        held = world.hold_each(randoms)
        downloads = [Download(world, path) for _ in randoms]
        for download in downloads:
            assert download.first.wait(PATIENCE)
        workers = [int(pid) for pid in self.workers(world)]
        killed = world.kill(world.pid("nginx"), *workers)
        for (_, plan), download in zip(held, downloads):
            plan.go_on()
            download.go.set()
        took, cut = [], 0
        for download in downloads:
            download.join(PATIENCE)
            start = len(download.body)
            answer = wait_until(lambda s=start, e=download.etag: request(
                world.stack.url, "GET", path, None, {"Range": f"bytes={s}-", "If-Range": e}), PATIENCE, "nginx is back")
            if answer.status == 416:  # all of it had been sent
                answer.body = b""
            else:
                cut += 1
                assert answer.status == 206, answer
            assert sha256(download.body + answer.body) == expected
            took.append(time.monotonic() - killed)
        assert cut, "no download was cut"
        for job, _ in held:
            world.succeeds(job)
        world.ready()
        world.forget_datasets("name = 'big'")
        for job, _ in held:
            world.effects.exactly(job)
            assert "taken_over" not in world.events(job) and world.events(job).count("started") == 1, world.events(job)
        return took

    def workers(self, world):
        master = world.pid("nginx")
        with open(f"/proc/{master}/task/{master}/children") as children:
            return children.read().split()


LINES = [RedisAway, Flushed, DatabaseKilled, NginxKilled]
