# SPDX-License-Identifier: MIT
"""sluicectl watch under a real supervisord: programs that were given up, processes above their memory limit."""
import json
import os
import random
import subprocess
import tempfile
import unittest

from faults import PATIENCE, FaultTest, table
from support.servers import ROOT
from support.stack import Stack
from support.supervisor import Supervisor
from support.wait import wait_until


def logged(path, message):
    """The events of a log with this message."""
    with open(path) as log:
        lines = [json.loads(line) for line in log if line.startswith("{")]
    return [line for line in lines if line["msg"] == message]


class Memory(FaultTest):
    """A stack of its own with one runner, whose limit is below what any process needs."""

    def setUp(self):
        self.seed = int(os.environ.get("SLUICE_SEED", "1"))
        self.random = random.Random(self.seed)
        print(f"seed {self.seed}", end=" ", flush=True)
        self.stack = Stack(SLUICE_RUNNER_PROCS=1, SLUICE_WEB_PROCS=1, SLUICE_STREAM_PROCS=1, SLUICE_RUNNER_MEMORY="1m").start()
        self.addCleanup(self.stack.stop)

    def test_a_runner_above_its_limit_is_restarted_and_its_job_goes_on(self):
        watch_log = os.path.join(self.stack.state_dir, "log", "watch.log")
        self.stack.supervisor.stop("watch")  # it looks when it starts: then the restart hits the middle of the job
        job = self.upload(table(self.seed), "memory.csv")
        self.wait_in_the_middle(job, most=0.2)
        before = self.stack.pids("runner_00")
        self.stack.supervisor.start("watch")
        wait_until(lambda: self.stack.pids("runner_00") not in (before, {}), PATIENCE, "another runner_00")
        self.succeeds(job)
        self.assert_loaded_exactly(job)
        self.assertEqual((self.column(job, "attempt"), self.column(job, "crash_count")), ("0", "0"))
        told = [line for line in logged(watch_log, "above its memory limit: restarting it") if line["program"] == "runner:runner_00"
                and line["pid"] == before["runner_00"]]
        self.assertEqual([line["limit_bytes"] for line in told], [1 << 20])
        metrics = self.stack.get("/metrics").text
        self.assertRegex(metrics, r'sluice_memory_restarts_total\{program="runner"\} [1-9]')
        self.assertRegex(metrics, r'sluice_process_resident_bytes\{process="web_00"\} \d{7,}')
        self.assertNotIn('sluice_memory_restarts_total{program="web"}', metrics)


class Fatal(unittest.TestCase):
    """supervisord with watch and one program that ends at once, until a file is there."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sluice-", dir="/tmp")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        with open(os.path.join(ROOT, "supervisor", "supervisord.conf")) as file:
            settings = file.read()
        with open(os.path.join(self.folder, "supervisord.conf"), "w") as file:
            file.write(settings + f"\n[program:web]\ncommand=sh -c 'test -e {self.folder}/mended && exec sleep 600'\n"
                                  "startretries=0\nautostart=true\n")
        environment = {**os.environ, "SLUICE_RUN_DIR": self.folder, "SLUICE_LOG_DIR": self.folder, "SLUICE_APP_DIR": ROOT,
                       "SLUICE_AUTOSTART": "true",
                       "SLUICE_SUPERVISOR_FILES": os.path.join(ROOT, "supervisor", "conf.d", "watch.conf")}
        process = subprocess.Popen(["supervisord", "--nodaemon", "-c", os.path.join(self.folder, "supervisord.conf")],
                                   env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        self.supervisor = Supervisor(os.path.join(self.folder, "supervisor.sock"))

    def state(self):
        return self.supervisor.find("web")[0]["statename"]

    def test_a_program_that_was_given_up_is_noticed_and_tried_again(self):
        log = os.path.join(self.folder, "watch.log")
        wait_until(lambda: self.state() == "FATAL", PATIENCE, "FATAL")
        noticed = wait_until(lambda: logged(log, "a program was given up"), PATIENCE, "watch notices it")
        self.assertEqual((noticed[0]["level"], noticed[0]["program"]), ("error", "web:web"))
        open(os.path.join(self.folder, "mended"), "w").close()
        wait_until(lambda: self.state() == "RUNNING", PATIENCE, "watch tries it again")
        with open(os.path.join(self.folder, "watch.metrics")) as metrics:
            self.assertRegex(metrics.read(), r'sluice_program_fatal_total\{program="web"\} [1-9]')
        again = logged(log, "a program was given up")
        self.assertEqual([line["retry_s"] for line in again], [5 * 2**n for n in range(len(again))])
