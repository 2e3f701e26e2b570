# SPDX-License-Identifier: MIT
"""Wall clocks that are set an hour on or back, under runners or under MariaDB: they decide nothing."""
import time

from line import Line


class Stepped(Line):
    name = "wall clock +-1 h on runner or database host"
    limit, what, at_once, world = 3, "a dead runner's job worked on again", 5, "clocks"

    def batch(self, world, randoms):
        host, step = randoms[0].choice(("runner", "mariadb")), randoms[0].choice((3600, -3600))
        held = world.hold_each(randoms)
        before = {job: world.row(job) for job, _ in held}
        pids = {job: plan.pid for job, plan in held}
        dead = held[0][1].pid
        world.step(host, step)
        try:
            killed = world.kill(dead)
            for _, plan in held:
                plan.go_on()
            took = [world.goes_on(job, before[job]["epoch"], killed) if pids[job] == dead and world.row(job)["state"] != "succeeded"
                    else None for job, _ in held]
            time.sleep(randoms[0].uniform(0, 1))
            later = world.make("export")  # asked for after the step
            for job in [job for job, _ in held] + [later]:
                world.succeeds(job)
                world.effects.exactly(job)
            for job, _ in held:
                if pids[job] != dead:
                    assert "taken_over" not in world.events(job), (host, step, world.log_lines("taken over"))
        finally:
            world.step(host, 0)
        return took


LINES = [Stepped]
