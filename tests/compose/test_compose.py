# SPDX-License-Identifier: MIT
"""One project for all tests; each leaves it running and makes its own data."""
import hashlib
import os
import time
import unittest

from engine import PATIENCE
from project import Project
from support.servers import ROOT
from support.tus import OpenPatch
from support.wait import wait_until

RECORDS = 200_000
project = None
first_page = None


def setUpModule():
    global project, first_page
    project = Project()
    try:
        project.start()
        project.down()
        first_page = project.up()
    except BaseException:
        project.print_logs()
        project.stop()
        raise


def tearDownModule():
    if project is not None:
        project.stop()


def table(records):
    return b"id,name,day\r\n" + b"".join(b"%d,name %d,2017-%02d-01\r\n" % (n, n * 7, n % 12 + 1) for n in range(1, records + 1))


class Compose(unittest.TestCase):
    def setUp(self):
        wait_until(lambda: project.get("/readyz").status == 200, PATIENCE, "/readyz says yes")

    def exported(self, dataset):
        """The dataset's export, all of it."""
        answer = project.post("/export", {"dataset": dataset})
        self.assertEqual(answer.status, 202, answer)
        job = project.wait_job(answer.json["uid"], timeout=PATIENCE)
        self.assertEqual(job["state"], "succeeded", job)
        return project.get(f"/export/{answer.json['uid']}/file").body

    def assert_same_bytes(self, got, sent):
        self.assertEqual((len(got), hashlib.sha256(got).hexdigest()), (len(sent), hashlib.sha256(sent).hexdigest()))

    def test_the_first_page_comes_within_a_minute(self):
        self.assertLess(first_page, 60)

    def test_the_main_job(self):
        sent = table(1000)
        project.load(sent, timeout=PATIENCE, filename="main.csv", dataset="main")
        self.assert_same_bytes(self.exported("main"), sent)
        with open(os.path.join(ROOT, "data-sample", "team", "members.csv"), "rb") as members:
            answer = project.post("/team", members.read(), {"Content-Type": "text/csv"})
        self.assertEqual(answer.status, 202, answer)
        self.assertEqual(project.wait_job(answer.json["uid"], timeout=PATIENCE)["state"], "succeeded")
        self.assertGreater(len(project.get("/team/groups").json["items"]), 0)

    def test_the_container_may_do_little(self):
        app = project.container("app")
        self.assertEqual(app["Config"]["User"], "sluice")
        self.assertTrue(app["HostConfig"]["ReadonlyRootfs"])
        self.assertEqual(app["HostConfig"]["CapDrop"], ["ALL"])
        self.assertIn("no-new-privileges:true", app["HostConfig"]["SecurityOpt"])
        self.assertNotIn("0\n", project.exec("app", "sh", "-c", "for p in /proc/[0-9]*; do stat -c %u $p; done") + "\n")
        self.assertIn("Read-only file system", project.exec("app", "touch", "/opt/sluice/x", check=False))
        wait_until(lambda: {project.health(s) for s in ("app", "mariadb", "redis")} == {"healthy"}, PATIENCE, "all healthy")

    def test_only_one_port_on_this_machine_is_open(self):
        bound = {service: project.container(service)["HostConfig"]["PortBindings"] for service in ("app", "mariadb", "redis")}
        self.assertEqual(bound, {"app": {"8081/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(project.port)}]},
                                 "mariadb": {}, "redis": {}})

    def test_secrets_are_files_made_once(self):
        before = project.exec("app", "sh", "-c", "sha256sum /secrets/*")
        self.assertEqual(len(before.split("\n")), 4)
        self.assertEqual(set(project.exec("app", "sh", "-c", "stat -c '%a %U' /secrets/*").split("\n")), {"600 sluice"})
        values = project.exec("app", "sh", "-c", "tail -qn1 /secrets/* | fold -w64").split()
        self.assertEqual(len(values), 4)
        for service in ("app", "mariadb", "redis"):
            inspected = str(project.container(service))
            self.assertFalse(any(value in inspected for value in values), service)
        project.compose("up", "-d")
        self.assertEqual(project.exec("app", "sh", "-c", "sha256sum /secrets/*"), before)

    def test_a_killed_application_goes_on(self):
        sent = table(RECORDS)
        upload = project.upload(sent, filename="killed.csv", dataset="killed")
        open_upload = project.tus.create(len(sent), filename="cut.csv", dataset="cut")
        self.assertEqual(project.tus.patch(open_upload, 0, sent[:1 << 20]).status, 204)
        patch = OpenPatch(project.url, open_upload, 1 << 20, len(sent) - (1 << 20))
        patch.send(sent[1 << 20:2 << 20])
        wait_until(lambda: project.job(project.job_of(upload))["progress"]["phase"] == "load", PATIENCE, "the import loads",
                   every=0.01)
        project.crash("app")
        patch.cut()
        wait_until(lambda: project.get("/readyz").status == 200, PATIENCE, "it is started again")
        self.assertGreaterEqual(project.container("app")["RestartCount"], 1)
        with open_bytes(sent) as source:
            project.tus.resume(open_upload, source, len(sent))
        for each in (upload, open_upload.rsplit("/", 1)[1]):
            self.assertEqual(project.wait_job(each, timeout=PATIENCE)["state"], "succeeded")
        self.assert_same_bytes(self.exported("killed"), sent)
        self.assert_same_bytes(self.exported("cut"), sent)
        self.assertIn(", 0 do not fit", project.ctl("verify", "--hash"))

    def test_a_backup_moves_to_new_volumes(self):
        """As docs/operating.md says it."""
        sent = table(2000)
        project.load(sent, timeout=PATIENCE, filename="backup.csv", dataset="backup")
        project.ctl("backup", "/var/lib/sluice/data/backups/monday")
        archive = os.path.join(project.folder, "monday.tar")
        with open(archive, "wb") as file:
            project.tar(["-C", "/var/lib/sluice/data/backups", "-c", "monday"], output=file)
        project.compose("down", "--volumes")
        project.up()
        with open(archive, "rb") as file:
            project.tar(["-C", "/var/lib/sluice/data", "-x"], source=file)
        self.assertIn(", 0 do not fit", project.ctl("restore", "/var/lib/sluice/data/monday"))
        self.assert_same_bytes(self.exported("backup"), sent)

    def test_data_outlive_the_containers(self):
        sent = table(500)
        project.load(sent, timeout=PATIENCE, filename="kept.csv", dataset="kept")
        started = time.monotonic()
        project.compose("stop")
        stopped = time.monotonic() - started
        print(f"stopped within {stopped:.0f} s", end=" ", flush=True)
        for service in ("app", "mariadb", "redis"):
            self.assertNotEqual(project.container(service)["State"]["ExitCode"], 137, f"{service} had to be killed")
        project.down()
        project.up()
        self.assert_same_bytes(self.exported("kept"), sent)


def open_bytes(data):
    import io
    return io.BytesIO(data)
