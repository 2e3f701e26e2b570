# SPDX-License-Identifier: MIT
"""The connection to MariaDB while a job works: killed, cut after COMMIT, or answering with errors."""
import json
import time

from files import BATCH, RECORDS
from line import Line
from plan import AFTER, ERROR, Plan


def committed(world, job):
    """Rows and records that the job's cursor has behind it."""
    parts = json.loads(world.column(job, "cursor_json") or "{}").get("parts", [])  # one for each loader
    return tuple(sum(part[name] for part in parts for name in names)
                 for names in (("loaded",), ("loaded", "rejected", "skipped")))


class KilledConnection(Line):
    name = "connection killed in the middle of a load"
    limit, what, at_once = 5, "held again", 5

    def trial(self, world, random):
        batch = random.randint(0, RECORDS // BATCH - 1)  # that many are committed
        job, plan = world.start_job("import", Plan(batch * self.per_batch(world) + random.randint(1, self.per_batch(world)),
                                                   where=r"ds_\d+|^UPDATE jobs SET cursor_json|^COMMIT"))
        if not plan.wait(alive=lambda: world.column(job, "state") in ("queued", "running")):
            raise AssertionError("the load had fewer statements")
        rows, (loaded, records) = world.effects.rows_of(job), committed(world, job)
        assert rows == loaded and (records % BATCH == 0 or records > RECORDS), (rows, loaded, records)
        epoch = world.column(job, "epoch")
        world.db.kill(plan.connection.id)
        killed = time.monotonic()
        took = world.goes_on(job, epoch, killed)
        world.succeeds(job)
        world.effects.exactly(job)
        row = world.row(job)
        assert (row["attempt"], row["crash_count"]) == (0, 0), row
        return took

    def per_batch(self, world):
        return max(1, world.count(r"ds_\d+|^UPDATE jobs SET cursor_json|^COMMIT", "import") * BATCH // RECORDS - 1)


class LostAnswer(Line):
    name = "answer of COMMIT lost"
    limit, what, at_once = 5, "settled what became of it", 5

    def trial(self, world, random):
        kind = random.choice(("import", "import", "export", "team"))
        at = random.randint(1, world.count("^COMMIT$", kind))
        job, plan = world.start_job(kind, Plan(at, action=AFTER, where="^COMMIT$"))
        if not plan.wait(alive=lambda: world.column(job, "state") in ("queued", "running")):
            plan.wait(5)
        epoch = world.column(job, "epoch")
        cut = time.monotonic()
        plan.drop()
        took = None
        if world.column(job, "state") != "succeeded":
            took = world.goes_on(job, epoch, cut)
        world.succeeds(job)
        world.effects.exactly(job)
        assert (world.row(job)["attempt"], world.row(job)["crash_count"]) == (0, 0)
        return took


class Refused(Line):
    name = "1213 or 1205 at a statement"
    at_once = 5

    def trial(self, world, random):
        kind, number = random.choice(("import", "export", "team")), random.choice((1213, 1205))
        at = random.randint(1, world.statements[kind])
        while True:
            job, plan = world.start_job(kind, Plan(at, action=ERROR, number=number))
            world.succeeds(job)
            world.effects.exactly(job)
            if plan.reached.is_set():
                break
            at = max(1, at * 3 // 4)
        row = world.row(job)
        assert (row["attempt"], row["crash_count"]) == (0, 0), (row, plan.text)


LINES = [KilledConnection, LostAnswer, Refused]
