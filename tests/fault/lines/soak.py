# SPDX-License-Identifier: MIT
"""Twenty jobs at a time and a fault now and then, for as long as is wanted (SLUICE_SOAK, seconds a seed)."""
import http.client
import os
import signal
import time

from line import Line
from plan import PATIENCE, Plan

SECONDS = float(os.environ.get("SLUICE_SOAK", 5))
KINDS = ("import", "export", "team")
AT_ONCE = 20
MOST_MIB, MOST_DESCRIPTORS = 128, 200  # of a process


class Soak(Line):
    name = "soak: 20 jobs at a time, a random fault every second or so"
    at_once = 1

    def seeds(self, seeds):
        return seeds if len(seeds) <= 3 else seeds[:max(3, len(seeds) // 5)]

    def trial(self, world, random):
        ends, fault_at = time.monotonic() + SECONDS, time.monotonic() + 1
        open_jobs, done, faults = [], [], []
        while time.monotonic() < ends or open_jobs:
            while len(open_jobs) < AT_ONCE and time.monotonic() < ends:
                open_jobs.append(self.submit(world, random.choice(KINDS), random.uniform(0, 0.2)))
            if time.monotonic() > fault_at and time.monotonic() < ends:
                faults.append(self.fault(world, random))
                fault_at = time.monotonic() + random.uniform(0.5, 1.5)
            over = [job for job in open_jobs if self.state(world, job) not in ("queued", "running", None)]
            done += over
            open_jobs = [job for job in open_jobs if job not in over]
            assert time.monotonic() < ends + PATIENCE, f"stuck after {faults}: {[world.row(job) for job in open_jobs]}"
            time.sleep(0.05)
        world.ready()
        for job in done:
            world.succeeds(job)
            world.effects.exactly(job)
        self.lean(world)

    def submit(self, world, kind, pace):
        """Like a client that repeats what was not answered."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return world.start_job(kind, Plan(pace=pace))[0]
            except (AssertionError, OSError, http.client.HTTPException):
                assert time.monotonic() < deadline, "nothing is accepted any more"
                time.sleep(0.1)

    def state(self, world, job):
        try:
            return world.column(job, "state")
        except OSError:
            return None

    def fault(self, world, random):
        what = random.choice(("kill runner", "kill runner", "stop runner", "kill web", "kill redis", "flush", "kill nginx",
                              "kill mariadb", "wake"))
        pids = world.stack.pids()
        runner = random.choice([pid for name, pid in pids.items() if name.startswith("runner")])
        try:
            if what == "kill runner":
                os.kill(runner, signal.SIGKILL)
            elif what == "stop runner":
                os.kill(runner, signal.SIGTERM)
            elif what == "kill web":
                os.kill(random.choice([pid for name, pid in pids.items() if name.startswith("web")]), signal.SIGKILL)
            elif what == "flush":
                world.redis("FLUSHALL")
            elif what == "wake":
                os.kill(runner, signal.SIGSTOP)
                time.sleep(random.uniform(0, 1))
                os.kill(runner, signal.SIGCONT)
            else:
                os.kill(pids[what.split()[1]], signal.SIGKILL)
        except Exception as error:  # it was down already
            return f"{what}: {error}"
        return what

    def lean(self, world):
        for name, pid in world.stack.pids().items():
            if name.startswith(("runner", "web")):
                with open(f"/proc/{pid}/status") as status:
                    mib = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))
                descriptors = len(os.listdir(f"/proc/{pid}/fd"))
                assert mib <= MOST_MIB and descriptors <= MOST_DESCRIPTORS, (name, mib, descriptors)


LINES = [Soak]
