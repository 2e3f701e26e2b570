# SPDX-License-Identifier: MIT
"""One owner with ten thousand jobs, and others with a few. There are no accounts yet, so owners are made in SQL."""
import time

from line import Line
from plan import PATIENCE, Plan
from support.wait import wait_until

SLOTS, SHARE, MANY, OTHERS = 20, 5, 10_000, (2, 3, 4, 5)


class Fair(Line):
    name = "owner A queues 10,000, owner B one"
    limit, what, at_once = 1, "B has started, once a slot is free", 1

    def trial(self, world, random):
        template = world.make("export")
        world.succeeds(template)
        plans = []

        def hold(job_id):
            if world.db.value("SELECT kind FROM jobs WHERE id = %s", job_id) != "export":
                return None  # a sweep that fell due: nobody would let it go on
            plans.append(Plan(1))
            return plans[-1]
        world.proxy.default_plan = hold
        try:
            self.queue(world, template, 1, MANY)
            wait_until(lambda: self.running(world).get(1) == SLOTS, PATIENCE, "A alone uses every slot")
            self.queue(world, template, 2, 1)
            random.choice([p for p in list(plans) if p.reached.is_set()]).go_on()
            free = time.monotonic()
            wait_until(lambda: self.running(world).get(2), PATIENCE, "B starts", every=0.01)
            took = time.monotonic() - free
            for owner in OTHERS:
                self.queue(world, template, owner, 2 * SHARE)
            for plan in [p for p in list(plans) if p.reached.is_set()]:
                plan.go_on()
            wait_until(lambda: sum(self.running(world).values()) == SLOTS and self.running(world).get(1, 0) <= SHARE, PATIENCE,
                       "A has no more than its share while others wait")
        finally:
            world.proxy.default_plan = None
            self.forget(world)
            for plan in list(plans):
                plan.go_on()
        wait_until(lambda: not self.running(world), PATIENCE, "all are done")
        return took

    def queue(self, world, template, owner, count):
        job = template.replace("-", "")
        with world.db.connect("migrate") as connection, connection.cursor() as cursor:
            connection.begin()
            cursor.execute("INSERT IGNORE INTO users(id, name, created_at) VALUES(%s, %s, UTC_TIMESTAMP(6))", (owner, f"owner {owner}"))
            cursor.execute("INSERT INTO jobs(uid, owner_id, kind, state, due_at, bell_at, params, request_id, created_at) "
                           "SELECT UNHEX(MD5(CONCAT(UUID(), seq))), %s, 'export', 'queued', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), params, "
                           f"'many', UTC_TIMESTAMP(6) FROM jobs, seq_1_to_{count} WHERE uid = UNHEX(%s)", (owner, job))
            cursor.execute("INSERT IGNORE INTO exports(job_id, owner_id, dataset_id, request_json, request_sha256, imports_json) "
                           "SELECT m.id, m.owner_id, e.dataset_id, e.request_json, e.request_sha256, e.imports_json FROM jobs m, exports e "
                           "JOIN jobs j ON j.id = e.job_id WHERE j.uid = UNHEX(%s) AND m.request_id = 'many' AND m.owner_id = %s "
                           "AND m.state = 'queued'", (job, owner))
            cursor.execute("INSERT INTO owner_load(owner_id, queued, running, last_start_at) VALUES(%s, %s, 0, UTC_TIMESTAMP(6)) "
                           "ON DUPLICATE KEY UPDATE queued = queued + %s", (owner, count, count))
            connection.commit()

    def running(self, world):
        return {row["owner_id"]: row["n"] for row in world.db.rows(
            "SELECT owner_id, COUNT(*) AS n FROM jobs WHERE state = 'running' AND request_id = 'many' GROUP BY owner_id")}

    def forget(self, world):
        """Those that wait are not waited for."""
        with world.db.connect("migrate") as connection, connection.cursor() as cursor:
            connection.begin()
            cursor.execute("SELECT owner_id FROM owner_load FOR UPDATE")
            cursor.execute("DELETE e FROM exports e JOIN jobs j ON j.id = e.job_id WHERE j.state = 'queued' AND j.request_id = 'many'")
            cursor.execute("DELETE FROM jobs WHERE state = 'queued' AND request_id = 'many'")
            cursor.execute("UPDATE owner_load SET queued = 0")
            connection.commit()


LINES = [Fair]
