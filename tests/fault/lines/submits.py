# SPDX-License-Identifier: MIT
"""Requests that start jobs: their worker or its connection lost before or after COMMIT, or a hundred of them at once."""
import concurrent.futures
import re
import time

from line import Line
from plan import AFTER, PATIENCE, Plan
from support.wait import wait_until


def web_plan(world, *points, starts=".", **how):
    """A plan for the next request's connection."""
    plan = Plan(*points, **how)
    plan.starts = re.compile(starts)
    world.proxy.web_plans.append(plan)
    return plan


class Post:
    """A POST /export with a key of its own, in a thread: its worker may die under it."""

    def __init__(self, world, random):
        self.world, self.key = world, f"key-{random.getrandbits(64):x}"
        self.body = {"dataset": "reference", "values": random.choice(("typed", "as_uploaded"))}
        self.before = self.jobs()
        self.thread = concurrent.futures.ThreadPoolExecutor(1)
        self.answer = self.thread.submit(self.send)

    def send(self):
        return self.world.post("/export", self.body, {"Idempotency-Key": self.key})

    def jobs(self):
        return self.world.db.value("SELECT COUNT(*) FROM jobs WHERE kind = 'export'")

    def again(self):
        """What a client does that got no answer: the same, until there is one."""
        answer = wait_until(lambda: (a := self.send()) is not None and a.status < 500 and a, PATIENCE, "the retry is answered")
        assert answer.status == 202, answer
        return answer.json["uid"]


class AfterCommit(Line):
    name = "kill -9 web worker between COMMIT and XADD"
    limit, what, at_once = 2, "job started", 1

    def trial(self, world, random):
        plan = web_plan(world, 1, action=AFTER, where="^COMMIT$")
        post = Post(world, random)
        plan.wait()
        uid = world.db.value("SELECT LOWER(HEX(uid)) FROM jobs WHERE kind = 'export' ORDER BY id DESC LIMIT 1")
        killed = world.kill(plan.pid)
        plan.drop()
        first = post.answer.result()
        assert first is None or first.status >= 500, first
        wait_until(lambda: world.db.value("SELECT started_at FROM jobs WHERE uid = UNHEX(%s)", uid), PATIENCE, "it starts", every=0.01)
        took = time.monotonic() - killed
        job = post.again()
        assert job.replace("-", "") == uid, (job, uid)
        assert post.jobs() == post.before + 1
        world.succeeds(job)
        return took


class BeforeCommit(Line):
    name = "kill -9 web worker before COMMIT"
    at_once = 1

    def trial(self, world, random):
        if not hasattr(world, "submit_statements"):
            plan = web_plan(world)
            world.succeeds(Post(world, random).answer.result().json["uid"])
            world.submit_statements = plan.counted
        at = random.randint(1, world.submit_statements)
        plan = web_plan(world, at)
        post = Post(world, random)
        plan.wait(alive=lambda: not post.answer.done())
        if not plan.reached.is_set():  # the key's clean-up or the like made the counted one longer
            world.succeeds(post.answer.result().json["uid"])
            return
        events = world.db.value("SELECT COUNT(*) FROM job_events")
        committed = post.jobs() > post.before
        world.kill(plan.pid)
        plan.drop()
        first = post.answer.result()
        if first is not None and first.status == 202:
            assert committed, first
        wait_until(lambda: not plan.connection.open, PATIENCE, "its connection is gone")
        if not committed:
            assert post.jobs() == post.before
            assert world.db.value("SELECT COUNT(*) FROM job_events") == events
        job = post.again()
        assert post.jobs() == post.before + 1
        world.succeeds(job)
        world.ready()


class SameKey(Line):
    name = "100 parallel submits with one key"
    at_once = 1

    def trial(self, world, random):
        post = Post(world, random)
        with concurrent.futures.ThreadPoolExecutor(99) as pool:
            answers = [f.result() for f in [pool.submit(post.send) for _ in range(99)]] + [post.answer.result()]
        assert all(a is not None and a.status == 202 for a in answers), [a for a in answers if a is None or a.status != 202][:3]
        assert len({a.body for a in answers}) == 1, {a.body for a in answers}
        assert post.jobs() == post.before + 1
        post.body = {**post.body, "header": "no"}
        assert post.send().status == 422
        job = answers[0].json["uid"]
        world.succeeds(job)
        world.effects.legal(job)


class SearchLost(Line):
    name = "connection of a submit cut after its COMMIT"
    at_once = 1

    def trial(self, world, random):
        """Without a key: an equal export is looked for when the job is queued already, and may not be found."""
        before = world.db.value("SELECT COUNT(*) FROM jobs WHERE kind = 'export'")
        plan = web_plan(world, 1, where="^SELECT STRAIGHT_JOIN")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            answer = pool.submit(world.post, "/export", {"dataset": "reference", "header": random.choice(("yes", "no"))})
            assert plan.wait(alive=lambda: not answer.done()), "the search is behind the COMMIT"
            plan.drop()
            answer = answer.result()
        assert answer is not None and answer.status == 202 and answer.json["same_as"] is None, answer
        assert world.db.value("SELECT COUNT(*) FROM jobs WHERE kind = 'export'") == before + 1
        world.succeeds(answer.json["uid"])
        world.ready()


LINES = [AfterCommit, BeforeCommit, SameKey, SearchLost]
