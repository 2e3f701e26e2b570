# SPDX-License-Identifier: MIT
"""What an operator reads: every setting with its source, and logs that are cut off and belong together."""
import os
import subprocess
import unittest

from support.servers import ROOT
from support.stack import shared
from support.wait import wait_until


class Operating(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = shared()

    def test_every_setting_is_shown_with_its_source(self):
        shown = {line.split()[0]: line for line in self.stack.sluice("ctl", "config").splitlines() if line.startswith("SLUICE_")}
        self.assertRegex(shown["SLUICE_DATA_DIR"], rf" {self.stack.state_dir}\S* +environment ")
        self.assertRegex(shown["SLUICE_EXPORT_TTL"], r" 7d +default .*\[duration\]$")
        self.assertRegex(shown["SLUICE_DB_WEB_PASSWORD"], r" \(secret\) +file ")

    def start_with(self, name, value):
        """A second start of the stack that runs, with one setting changed: how it ended."""
        return subprocess.run([os.path.join(ROOT, "sluice"), "start"], env={**self.stack.environment(), name: value},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def test_a_wrong_setting_is_refused_and_what_runs_goes_on(self):
        before = self.stack.pids()
        done = self.start_with("SLUICE_MIN_FREE_DISK", "300x")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("SLUICE_MIN_FREE_DISK", done.stdout)
        self.assertIn("nothing that runs was touched", done.stdout)
        # These go into sums before a program looks at them.
        for name, value in (("SLUICE_RUNNER_PROCS", "0"), ("SLUICE_WEB_PROCS", "many"), ("SLUICE_MAX_JOBS", "1+1")):
            with self.subTest(name):
                done = self.start_with(name, value)
                self.assertEqual((done.returncode, done.stdout), (2, f'{name} is "{value}": it must be a whole number from 1 to 99999.\n'))
        self.assertEqual((self.stack.pids(), self.stack.get("/readyz").status), (before, 200))

    def test_the_log_of_every_program_is_cut_off_and_five_of_it_are_kept(self):
        looked_at = set()
        for program in self.stack.supervisor.rpc.getAllConfigInfo():
            for stream in ("stdout", "stderr"):
                if program[f"{stream}_logfile"] in ("none", "/dev/null") or stream == "stderr" and program["redirect_stderr"]:
                    continue
                if stream == "stdout" and program["name"] == "watch":
                    continue  # its stdout is the protocol of event listeners
                kept = (program[f"{stream}_logfile_maxbytes"], program[f"{stream}_logfile_backups"])
                self.assertEqual(kept, (50 << 20, 5), (program["name"], stream))
                looked_at.add(program["name"])
        self.assertEqual(looked_at, {program["name"] for program in self.stack.supervisor.programs()})
        self.assertGreaterEqual(looked_at, {"nginx", "web_00", "stream_00", "runner_00", "quarantine", "watch", "mariadb", "redis"})

    def test_logs_take_the_names_of_supervisorctl(self):
        for name in ("runner:runner_00", "runner_00", "web"):
            with subprocess.Popen([os.path.join(ROOT, "sluice"), "logs", name], env=self.stack.environment(), text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as shown:
                try:
                    self.assertRegex(shown.stdout.readline(), r"^(\{|==> .*web_)", name)
                finally:
                    shown.kill()
        self.assertRegex(self.stack.sluice("logs", "nobody", check=False), r"no log of nobody .*runner_00\.log")

    def test_a_request_and_the_work_it_began_bear_one_id_in_all_logs(self):
        self.stack.load(b"n\n1\n", filename="id.csv", dataset="logged together")
        answer = self.stack.post("/export", {"dataset": "logged together"})
        self.assertEqual(answer.status, 202)
        self.stack.wait_job(answer.json["uid"], "succeeded")
        one = answer.headers["X-Request-Id"]
        for program, what in (("nginx", "uri"), ("web", "path"), ("runner", "job")):
            found = wait_until(lambda p=program: [line for line in self.stack.logged(p) if line.get("req") == one], 30,
                               f"{program} has written of {one}")
            self.assertIn(found[0][what], ("/export", answer.json["uid"]), program)


if __name__ == "__main__":
    unittest.main()
