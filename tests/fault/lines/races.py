# SPDX-License-Identifier: MIT
"""Wishes against each other and against the end: cancel is a promise, and nothing is left of what was cancelled."""
import concurrent.futures
import os
import threading
import time

from line import Line
from plan import PATIENCE, Plan
from support.wait import wait_until

KINDS = ("import", "export", "team")


def wish(world, job, what):
    answer = world.stack.post(f"/jobs/{job}/{what}")
    assert answer.status in (200, 202, 409), answer
    return answer.status


class CancelRacesEnd(Line):
    name = "cancel races completion"
    at_once = 1
    TRIES = 20  # of a seed

    def trial(self, world, random):
        for _ in range(self.TRIES // 4):
            tries = [(random.choice(KINDS), random.uniform(0.7, 1.05), random.uniform(0, 0.02)) for _ in range(4)]
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                for done in [pool.submit(self.race, world, *one) for one in tries]:
                    done.result()

    def race(self, world, kind, share, lag):
        """The job is let go on near its end, and a cancel comes a moment later."""
        job, plan = world.start_job(kind, Plan(max(1, int(world.statements[kind] * share))))
        if plan.wait(alive=lambda: world.column(job, "state") in ("queued", "running")):
            threading.Timer(lag / 2, plan.go_on).start()
        time.sleep(lag / 2)
        status = wish(world, job, "cancel")
        if status == 202:
            world.reaches(job, ("cancelled", "succeeded", "failed"))
            world.effects.nothing(job)
        else:
            assert status == 409, status
            world.effects.exactly(job)


class WishesRace(Line):
    name = "pause races cancel, resume races pause"
    at_once = 4

    def trial(self, world, random):
        wishes = [random.choice(("pause", "resume", "cancel")) for _ in range(4)]
        job, plan = world.start_held(random, random.choice(KINDS))
        with concurrent.futures.ThreadPoolExecutor(5) as pool:
            sent = [pool.submit(wish, world, job, what) for what in wishes]
            time.sleep(random.uniform(0, 0.03))
            plan.go_on()
            accepted = [what for what, status in zip(wishes, sent) if status.result() == 202]
        asked = time.monotonic()
        state = world.reaches(job, ("succeeded", "cancelled", "paused"))
        if state == "paused":  # perhaps on its way to something else: it has to stay so
            state = world.reaches(job, ("succeeded", "cancelled", "paused"))
        events = [e for e in world.events(job) if e.endswith("_requested") or e in ("resumed", "paused", "cancelled")]
        if "cancel" in accepted:
            world.reaches(job, "cancelled")
            world.effects.nothing(job)
        elif state == "paused":
            last = [e for e in events if e != "paused"]
            assert not last or last[-1] == "pause_requested" or events[-1] == "paused", events
            assert wish(world, job, "resume") == 202
            world.succeeds(job)
            world.effects.exactly(job)
        else:
            world.effects.exactly(job)
        assert time.monotonic() - asked < PATIENCE


class CancelAtShare(Line):
    name = "cancel at 10, 50, 99 %"
    limit, what, at_once = 0.1, "cancelled is shown", 1

    def trial(self, world, random):
        return max(self.cancel(world, random, share) for share in (0.1, 0.5, 0.99))

    def cancel(self, world, random, share):
        while True:
            job, plan = world.start_held(random, random.choice(KINDS), share)
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                asked = time.monotonic()
                status = pool.submit(wish, world, job, "cancel")
                plan.go_on()
                if status.result() == 202:
                    break
            world.succeeds(job)
            share *= 0.95  # it was quicker
        wait_until(lambda: world.stack.get(f"/jobs/{job}").json["state"] == "cancelled", PATIENCE, "cancelled", every=0.002)
        took = time.monotonic() - asked
        world.effects.nothing(job)
        wait_until(lambda: world.column(job, "cleanup_pending") == 0, 60 * 3, "cleaned up", every=0.05)
        assert world.effects.rows_of(job) == 0
        left = [name for _, _, names in os.walk(f"{world.stack.data_dir}/exports") for name in names if job.replace("-", "") in name]
        assert not left, left
        return took


LINES = [CancelRacesEnd, WishesRace, CancelAtShare]
