# SPDX-License-Identifier: MIT
"""The reserve of the disk is reached while exports run: they wait without an attempt, new ones are refused, and with room
again the file is the same. On a file system of its own (a tmpfs, so as root)."""
import hashlib
import json
import os
import subprocess
import unittest

from crashing import PATIENCE, Crashing
from support.wait import wait_until
from test_crash_points import table

RESERVE = 8 << 20
RECORDS = 100_000


class DiskFull(unittest.TestCase):
    def setUp(self):
        if os.getuid() != 0:
            self.skipTest("mounting takes root")
        self.it = Crashing({"SLUICE_MIN_FREE_DISK": str(RESERVE)})
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m,mode=0750", "tmpfs", self.it.data_dir], check=True)
        try:
            for folder in ("uploads/incoming", "uploads/pieces", "uploads/files", "exports"):
                os.makedirs(os.path.join(self.it.data_dir, folder))
            self.it.__enter__()
        except BaseException:
            self.unmount()
            raise
        self.addCleanup(self.unmount)
        self.ballast = os.path.join(self.it.data_dir, "ballast")

    def unmount(self):
        subprocess.run(["umount", "--lazy", self.it.data_dir], check=True)
        self.it.__exit__(None, None, None)

    def leave_free(self, size):
        if os.path.exists(self.ballast):
            os.unlink(self.ballast)
        disk = os.statvfs(self.it.data_dir)
        with open(self.ballast, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, disk.f_bavail * disk.f_frsize - size)

    def export(self):
        return self.it.request("POST", "/export", {"Content-Type": "application/json"}, b'{"dataset": "source"}')

    def test_exports_wait_for_room_and_are_whole_then(self):
        data = table(0, RECORDS)
        runner = self.it.runner()
        source = self.it.job_of(self.it.upload(data, dataset="source", filename="source.csv"))
        wait_until(lambda: self.it.job(source)["state"] == "succeeded", PATIENCE, "the data is loaded")

        # Room for the first bytes, not for the next ones: it stops in the middle.
        self.leave_free(RESERVE + (16 << 20))
        answer = self.export()
        self.assertEqual(answer.status, 202, answer)
        job = json.loads(answer.body)["uid"]
        wait_until(lambda: self.it.job(job)["error"], PATIENCE, "the export waits")
        waiting = self.it.job(job)
        self.assertEqual((waiting["state"], waiting["attempt"], waiting["error"]["code"]), ("queued", 0, "job.disk_full"))
        self.assertEqual(self.it.request("GET", f"/export/{job}/file").status, 409)
        hex_name = job.replace("-", "")
        due_in = float(self.it.sql("SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), due_at) / 1e6 FROM jobs WHERE uid = "
                                   f"UNHEX('{hex_name}')"))
        self.assertTrue(15 < due_in <= 30, due_in)

        # Below the reserve nothing new is taken.
        self.leave_free(RESERVE // 2)
        refused = self.export()
        self.assertEqual((refused.status, json.loads(refused.body)["code"]), (507, "export.no_space"), refused)
        self.assertEqual(self.it.request("POST", "/upload", {"Tus-Resumable": "1.0.0", "Upload-Length": "5"}).status, 507)

        os.unlink(self.ballast)
        self.it.sql(f"UPDATE jobs SET due_at = UTC_TIMESTAMP(6), bell_at = UTC_TIMESTAMP(6) WHERE uid = UNHEX('{hex_name}')")
        wait_until(lambda: self.it.job(job)["state"] == "succeeded", PATIENCE, "there is room again")
        self.assertEqual(self.it.job(job)["attempt"], 0)
        exports = os.path.join(self.it.data_dir, "exports")
        [name] = [name for name in os.listdir(exports) if name.startswith(hex_name)]
        with open(os.path.join(exports, name), "rb") as file:
            self.assertEqual(hashlib.sha256(file.read()).hexdigest(), hashlib.sha256(data.replace(b"\n", b"\r\n")).hexdigest())
        self.assertEqual(os.listdir(os.path.join(exports, ".part")), [])
        self.assertEqual(self.export().status, 202)
        self.it.end(runner)
