# SPDX-License-Identifier: MIT
"""The pools of the suite cases as built for release, with a runner, in one process group that dies as one."""
import os
import signal
import socket
import subprocess
import sys

from support import fastcgi
from support.servers import ROOT
from support.wait import wait_until

sys.path.append(os.path.join(ROOT, "tests", "cases"))
import fixture  # noqa: E402


class PoweredPools(fixture.Pools):
    def power_on(self):
        self.group = None
        self.processes = {}
        for pool in fixture.POOLS:
            self.sockets[pool] = os.path.join(self.servers.run_dir, f"{pool}.sock")
            with socket.socket(socket.AF_UNIX) as listening:
                if os.path.exists(self.sockets[pool]):
                    os.unlink(self.sockets[pool])
                listening.bind(self.sockets[pool])
                listening.listen(1024)
                self.launch(pool, ["fcgi-app/sluice-fcgi", "--pool", pool], stdin=listening)
        self.launch("runner", ["jobs/sluice-runner"])
        for pool in fixture.POOLS:
            wait_until(lambda: fastcgi.request(self.sockets[pool], self.parameters("GET", "/livez", [])).status == 200, 30,
                       f"pool {pool} answers")

    def launch(self, name, words, **options):
        program = os.path.join(ROOT, "build", "release", words[0])
        with open(self.log_file(), "ab") as log:
            process = subprocess.Popen([program, *words[1:]], stdout=log, stderr=log, env=self.environment,
                                       process_group=self.group or 0, **options)
        self.group = self.group or process.pid
        self.processes[name] = process

    def table(self, query):
        """All rows of the answer, as lists of text."""
        done = subprocess.run(
            ["mariadb", f"--defaults-extra-file={self.servers.state_dir}/secrets/migrate.cnf",
             f"--socket={self.servers.database_socket}", "--batch", "--skip-column-names", "sluice", "-e", query],
            capture_output=True, text=True, check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def is_off(self):
        return any(process.poll() is not None for process in self.processes.values())

    def power_off(self):
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
        for process in self.processes.values():
            process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.power_off()
