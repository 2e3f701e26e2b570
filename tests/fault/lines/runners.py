# SPDX-License-Identifier: MIT
"""Runners that are killed, stopped or told to end, at statements chosen at random."""
import concurrent.futures
import json
import os
import signal
import time

from line import Line
from plan import PATIENCE, Plan
from support.wait import wait_until


def loaded(row):
    """Records that the cursor of an import has behind it."""
    cursor = json.loads(row["cursor_json"] or "{}")
    return cursor.get("loaded", 0) if row["kind"] == "import" else 0


class Killed(Line):
    name = "kill -9 runner"
    limit, what, at_once = 3, "worked on again", 5

    def batch(self, world, randoms):
        world.stack.wait_running("runner")  # one that ends within a second of its start is held back by supervisord
        held = world.hold_each(randoms)
        before = {job: world.row(job) for job, _ in held}
        killed = world.kill(*[plan.pid for _, plan in held])
        for random, (_, plan) in zip(randoms, held):
            random.choice((plan.drop, plan.go_on))()  # what was sent last arrives, or is lost with its sender
        took = []
        for job, _ in held:
            took.append(world.goes_on(job, before[job]["epoch"], killed))
            assert loaded(world.row(job)) >= loaded(before[job]), "the cursor went back"
        for job, _ in held:
            world.succeeds(job)
            world.effects.exactly(job)
            after = world.row(job)
            # one whose last COMMIT was on its way has succeeded without its runner
            assert after["crash_count"] == 1 or "taken_over" not in world.events(job), after
            assert (after["attempt"], after["crash_count"] <= 1) == (0, True), after
        return took


class Poison(Line):
    name = "kill -9 runner, three times at the same job"
    at_once = 2  # quarantine has two slots

    def batch(self, world, randoms):
        # The poison last: one of the others may hold the owner's row until the server lets it go, and whoever waits for that
        # row for seconds is let go as well.
        others = world.hold_each([randoms[0]] * 3, ("import", "export", "team"))
        poison = [world.start_job("import", Plan(r.randint(1, world.statements["import"] // 2), r.randint(1, 4), r.randint(1, 4)))
                  for r in randoms]
        for crash in (1, 2, 3):
            for job, plan in poison:
                plan.wait()
                if crash == 3:
                    name = world.db.value("SELECT r.name FROM jobs j JOIN runners r ON r.id = j.runner_id "
                                          "WHERE j.uid = UNHEX(%s)", job.replace("-", ""))
                    assert name == "quarantine", name
            for _, plan in poison:
                plan.reached.clear()
            world.kill(*[plan.pid for _, plan in poison])
            for _, plan in poison + (others if crash == 1 else []):
                plan.drop()
            for job, _ in poison:
                wait_until(lambda j=job, c=crash: world.column(j, "crash_count") == c, PATIENCE, f"crash {crash} is counted")
            for job, _ in others:  # all that those have to do is done before the next one
                world.succeeds(job)
        for job, _ in poison:
            world.reaches(job, "failed")
            assert world.row(job)["error_code"] == "job.runner_crashed"
        for job, _ in others:
            world.effects.exactly(job)
            assert world.row(job)["crash_count"] <= 1, world.row(job)
        for job, _ in poison:
            assert world.stack.post(f"/jobs/{job}/retry").status == 202
        for job, _ in poison:
            world.reaches(job, "succeeded")
            world.effects.exactly(job)
        return [None] * len(randoms)


class Stopped(Line):
    name = "SIGSTOP runner past its lease, then CONT"
    limit, what, at_once = 8, "worked on again", 5
    long_stop = False  # one trial of a long run is stopped for a minute

    def seeds(self, seeds):
        self.long_stop = len(seeds) > 3
        return seeds

    def batch(self, world, randoms):
        held = world.hold_each(randoms)
        names = {pid: name for name, pid in world.stack.pids("runner").items()}
        stop = set(sorted({plan.pid for _, plan in held})[:max(1, len(names) // 2)])  # somebody has to go on
        before = {job: world.row(job) for job, _ in held}
        fenced = len(world.log_lines('"fenced"'))
        for pid in stop:
            os.kill(pid, signal.SIGSTOP)
        stopped = time.monotonic()
        took = []
        try:
            for _, plan in held:
                plan.go_on()
            caught = [job for job, plan in held if plan.pid in stop]
            caught = [job for job in caught if not self.done(world, job)]
            for job, plan in held:
                took.append(world.goes_on(job, before[job]["epoch"], stopped) if job in caught else None)
            wait_until(lambda: time.monotonic() - stopped > self.seconds(randoms), PATIENCE, "stopped long enough")
        finally:
            for pid in stop:
                os.kill(pid, signal.SIGCONT)
        for job, _ in held:
            world.succeeds(job)
        wait_until(lambda: len(world.log_lines('"fenced"')) >= fenced + len(caught), PATIENCE, "the old holders say that they were fenced",
                   every=0.2)
        for job, _ in held:
            world.effects.exactly(job)
        assert stop <= set(world.stack.pids("runner").values()), "a runner did not live on"
        return took

    def seconds(self, randoms):
        if self.long_stop:
            self.long_stop = False
            return 60
        return randoms[0].uniform(6, 10)

    def done(self, world, job):
        """The statement that was on its way was the last one."""
        try:
            wait_until(lambda: world.column(job, "state") == "succeeded", 0.3)
            return True
        except AssertionError:
            return False


class Told(Line):
    name = "SIGTERM (a deploy) with 20 running"
    limit, what, at_once = 2, "every runner has ended", 5
    KINDS = ("import", "export", "team", "import")

    def batch(self, world, randoms):
        held, before = self.hold_twenty(world, randoms)
        pids = world.stack.pids("runner")
        log = os.path.join(world.stack.state_dir, "log", "supervisord.log")
        told_at = os.path.getsize(log)
        for _, plan in held:
            plan.go_on()
        time.sleep(randoms[0].uniform(0, 0.1))  # into their transactions
        for pid in pids.values():
            os.kill(pid, signal.SIGTERM)
        told = time.monotonic()
        wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids.values()), PATIENCE, "they end", every=0.01)
        took = time.monotonic() - told
        self.no_work_is_lost(world, held, before)
        with open(log) as lines:
            lines.seek(told_at)
            ended = [line for line in lines if "exited: runner" in line]
        assert len(ended) >= len(pids) and all("exit status 0" in line for line in ended), ended
        return [took] * len(randoms)

    def hold_twenty(self, world, randoms):
        """Jobs in the middle of their work, held, and their rows."""
        share = (randoms * 20)[:20]  # each seed has as many of the 20
        held = world.hold_each(share, self.KINDS * 5, pace=0.02, where="^START TRANSACTION")
        before = {job: world.row(job) for job, _ in held}
        assert all(row["state"] == "running" for row in before.values())
        return held, before

    def no_work_is_lost(self, world, held, before):
        for job, _ in held:
            world.succeeds(job)
        for job, _ in held:
            world.effects.exactly(job)
            row = world.row(job)
            assert (row["attempt"], row["crash_count"]) == (0, 0), row
            assert "taken_over" not in world.events(job), world.events(job)
            assert loaded(row) >= loaded(before[job])


class Restarted(Told):
    name = "supervisorctl restart of everything with 20 running"
    limit, what = None, "everything serves again"
    PROGRAMS = ("runner", "web", "stream", "quarantine", "nginx")

    def batch(self, world, randoms):
        held, before = self.hold_twenty(world, randoms)
        pids = {name: pid for program in self.PROGRAMS for name, pid in world.stack.pids(program).items()}
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(1) as thread:
            restart = thread.submit(world.stack.sluice, "supervisorctl", "restart", *[f"{name}:*" for name in self.PROGRAMS])
            wait_until(lambda: restart.done() or all(p["statename"] != "RUNNING" for p in world.stack.supervisor.find("runner")),
                       PATIENCE, "the runners are told to stop")
            for _, plan in held:
                plan.go_on()
                time.sleep(randoms[0].uniform(0, 0.01))  # the end may come anywhere in their steps
            restart.result()
        world.ready()
        took = time.monotonic() - began
        yielded = [job for job, _ in held if "yielded" in world.events(job)]
        assert len(yielded) >= len(held) // 2, [world.events(job) for job, _ in held]  # the last step of some may be done
        now = world.stack.pids()
        assert not [name for name, pid in pids.items() if now.get(name) == pid], (pids, now)
        self.no_work_is_lost(world, held, before)
        return [took] * len(randoms)


LINES = [Killed, Poison, Stopped, Told, Restarted]
