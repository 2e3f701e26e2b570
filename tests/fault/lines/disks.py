# SPDX-License-Identifier: MIT
"""A disk that is full: nothing is lost, nothing half done is served, and all goes on when there is room."""
import io
import time

from line import Line
from plan import PATIENCE
from support.wait import wait_until


class FullExports(Line):
    name = "disk full on exports"
    limit, what, at_once, world = 35, "done, once there is room", 5, "small disks"

    def batch(self, world, randoms):
        held = world.hold_each(randoms, ["export"] * len(randoms), where="^START TRANSACTION|^SELECT")
        world.fill("exports")
        try:
            for _, plan in held:
                plan.go_on()
            waiting = [job for job, _ in held if self.waits_for_room(world, job)]
            assert waiting, "no export met the full disk"
            for job in waiting:
                assert world.stack.get(f"/export/{job}/file").status in (404, 409)
                assert world.stack.get(f"/jobs/{job}").json["error"]["code"] == "job.disk_full"
        finally:
            world.free("exports")
        room = time.monotonic()
        took = []
        for job, _ in held:
            world.succeeds(job)
            took.append(time.monotonic() - room if job in waiting else None)
            world.effects.exactly(job)
            assert (world.row(job)["attempt"], world.row(job)["crash_count"]) == (0, 0), world.row(job)
        for job, _ in held:  # a finished file takes its place
            world.stack.delete(f"/export/{job}")
        return took

    def waits_for_room(self, world, job):
        wait_until(lambda: (row := world.row(job))["state"] == "succeeded" or row["error_code"], PATIENCE, "it meets the full disk")
        row = world.row(job)
        assert row["state"] == "succeeded" or (row["state"], row["error_code"]) == ("queued", "job.disk_full"), row
        return row["state"] == "queued"


class FullUploads(Line):
    name = "disk full on uploads"
    at_once, world = 1, "small disks"

    def trial(self, world, random):
        piece = random.choice((64, 100, 200)) << 10
        before = random.randint(0, len(world.data) // piece - 1)  # pieces that arrive before the disk is full
        job, plan = world.start_held(random, "import", where=r"INSERT INTO .*ds_\d+")
        tus = world.stack.tus
        location = tus.create(len(world.data), filename="full.csv", dataset=f"full {random.getrandbits(32)}")
        for n in range(before):
            assert tus.patch(location, n * piece, world.data[n * piece:(n + 1) * piece]).status == 204
        world.fill("uploads")
        try:
            body = world.data[before * piece:(before + 1) * piece]
            answer = tus.patch(location, before * piece, body)
            assert answer.status == 507, answer
            assert tus.offset(location) == before * piece
            plan.go_on()
            world.succeeds(job)  # loads go on
        finally:
            plan.go_on()
            world.free("uploads")
        world.effects.exactly(job)
        tus.resume(location, io.BytesIO(world.data), len(world.data), piece)
        loaded = world.stack.job_of(location.rsplit("/", 1)[1])
        world.succeeds(loaded)
        world.effects.exactly(loaded)
        world.forget_uploads()


LINES = [FullExports, FullUploads]
