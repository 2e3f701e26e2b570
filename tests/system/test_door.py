# SPDX-License-Identifier: MIT
"""The front door: everything runs, nothing as root, what is killed comes back, down leaves nothing."""
import glob
import os
import pwd
import signal
import socket
import time
import unittest

from support.pace import slowness
from support.stack import Stack, shared, stack_user
from support.wait import wait_until

BACK_WITHIN = 3  # seconds on a quiet machine; what it took is printed
LEEWAY = 2
PATIENCE = 60
KINDS = ["web:web_00", "stream:stream_00", "runner:runner_00", "quarantine", "watch", "nginx", "redis", "mariadb"]


def processes_of(stack):
    """{pid: (name, user)} of everything that stands in the stack's folders."""
    found = {}
    for process in glob.glob("/proc/[0-9]*"):
        try:
            if os.readlink(process + "/cwd").startswith(stack.folder):
                with open(process + "/comm") as comm:
                    found[int(process[6:])] = (comm.read().strip(), pwd.getpwuid(os.stat(process).st_uid).pw_name)
        except OSError:
            continue  # ended meanwhile
    return found


class Running(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = shared()

    def test_every_program_is_running(self):
        self.stack.wait_running()
        names = sorted(f"{p['group']}:{p['name']}" if p["group"] != p["name"] else p["name"] for p in self.stack.supervisor.programs())
        for name in KINDS + [f"runner:runner_{i:02}" for i in range(4)] + ["stream:stream_01", f"web:web_{2 * os.cpu_count():02}"]:
            self.assertIn(name, names)

    def test_supervisorctl_shows_them(self):
        self.stack.wait_running()
        self.assertRegex(self.stack.sluice("supervisorctl", "status"), r"web:web_00 +RUNNING")

    def test_without_runners_it_is_not_ready(self):
        self.stack.supervisor.stop("runner")
        try:
            answer = self.stack.get("/readyz")
            self.assertEqual((answer.status, answer.json["checks"]["runners"]["slots"]), (503, 0))
            self.assertIn("\nsluice_runner_slots 0\n", self.stack.get("/metrics").text)
        finally:
            self.stack.supervisor.start("runner")
        wait_until(lambda: self.stack.get("/readyz").status == 200, 30, "it is ready again")

    def test_nothing_runs_as_root(self):
        users = {user for _, user in processes_of(self.stack).values()}
        self.assertEqual(users, {stack_user()})
        self.assertNotIn("root", users)

    def test_it_listens_on_loopback_only(self):
        with open("/proc/net/tcp") as table:
            listening = [line.split()[1] for line in table if line.split()[3] == "0A"]
        ours = [address for address in listening if address.endswith(f":{self.stack.port:04X}")]
        self.assertEqual(ours, [f"0100007F:{self.stack.port:04X}"])

    def test_secrets_are_closed_to_others_and_not_in_sight(self):
        folder = os.path.join(self.stack.state_dir, "secrets")
        for name in os.listdir(folder):
            self.assertEqual(os.stat(os.path.join(folder, name)).st_mode & 0o077, 0, name)
        secrets = [open(os.path.join(folder, name), "rb").read() for name in ("db_migrate", "db_runner", "db_web", "redis")]
        self.assertEqual(len({*secrets}), 4)
        for pid in processes_of(self.stack):
            for place in ("cmdline", "environ"):
                try:
                    shown = open(f"/proc/{pid}/{place}", "rb").read()
                except OSError:
                    continue
                self.assertFalse(any(secret in shown for secret in secrets), f"{place} of {pid}")

    def test_a_second_start_changes_nothing(self):
        before = self.stack.pids()
        self.stack.sluice("start")
        self.assertEqual(self.stack.pids(), before)


class Killed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = shared()

    def serves_again_after_kill_of(self, program):
        self.stack.wait_running()
        before = slowness()
        killed = self.stack.kill9(program)
        started_at = time.monotonic()

        def back():
            now = self.stack.pids(program)
            return len(now) == len(killed) and not set(now.values()) & set(killed.values()) and self.stack.get("/readyz").status == 200
        wait_until(back, PATIENCE, f"{program} serves again")
        took, slower = time.monotonic() - started_at, max(before, slowness())
        print(f"  {program}: serves again after {took:.1f} s, the machine is {slower:.1f} times slower than a quiet one", end="")
        self.assertLess(took, LEEWAY * BACK_WITHIN * slower)
        self.stack.wait_running()

    def test_nginx_master(self):
        self.serves_again_after_kill_of("nginx")

    def test_a_web_worker(self):
        self.serves_again_after_kill_of("web_00")

    def test_all_web_workers(self):
        self.serves_again_after_kill_of("web")

    def test_a_stream_worker(self):
        self.serves_again_after_kill_of("stream_00")

    def test_a_runner(self):
        self.serves_again_after_kill_of("runner_00")

    def test_quarantine(self):
        self.serves_again_after_kill_of("quarantine")

    def test_redis(self):
        self.serves_again_after_kill_of("redis")

    def test_mariadb(self):
        self.serves_again_after_kill_of("mariadb")


class Ended(unittest.TestCase):
    """These end a stack, so each has its own, small one."""

    def small_stack(self):
        stack = Stack(SLUICE_WEB_PROCS=1, SLUICE_STREAM_PROCS=1, SLUICE_RUNNER_PROCS=1)
        self.addCleanup(stack.stop)
        return stack.start()

    def test_down_leaves_nothing_running_and_keeps_the_data(self):
        stack = self.small_stack()
        self.assertTrue(processes_of(stack))
        stack.down()
        self.assertEqual(processes_of(stack), {})
        with socket.socket() as probe:
            self.assertNotEqual(probe.connect_ex(("127.0.0.1", stack.port)), 0)
        self.assertFalse(os.path.exists(stack.run_dir))
        self.assertTrue(os.path.isdir(os.path.join(stack.state_dir, "mariadb", "sluice")))

    def test_up_mends_what_a_killed_supervisord_left(self):
        stack = self.small_stack()
        os.kill(stack.supervisor.pid(), signal.SIGKILL)
        left = processes_of(stack)
        self.assertTrue(left)
        stack.start()
        self.assertEqual(stack.get("/readyz").status, 200)
        self.assertFalse(set(left) & set(processes_of(stack)), "an orphan lives on")

    def test_down_also_ends_what_a_killed_supervisord_left(self):
        stack = self.small_stack()
        os.kill(stack.supervisor.pid(), signal.SIGKILL)
        stack.down()
        self.assertEqual(processes_of(stack), {})

    def test_two_stacks_run_side_by_side(self):
        one, other = self.small_stack(), self.small_stack()
        self.assertNotEqual(one.port, other.port)
        one.down()
        self.assertEqual(other.get("/readyz").status, 200)
