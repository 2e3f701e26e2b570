# SPDX-License-Identifier: MIT
"""Sluice under docker-compose, from a clean copy of the tree, with the verbs of support.stack.Stack."""
import json
import os
import shutil
import signal
import subprocess
import tempfile

import images
from engine import PATIENCE, Timed, engine
from support.servers import ROOT
from support.stack import Stack, free_port
from support.wait import wait_until


class Project(Stack):
    """Its images are built at the first start; `stop` removes containers, volumes and the copy."""

    def __init__(self):
        super().__init__()
        self.engine = engine()
        self.copy = os.path.join(self.folder, "clone")
        self.name = os.path.basename(self.folder).replace("_", "-").lower()
        self.port = free_port()

    def start(self):
        copy_of_the_tree(self.copy)
        images.provide(self.engine)
        with Timed("images built"):
            self.compose("build")
        images.print_sizes(self.engine, ["sluice", *images.STAND_INS])
        self.up()
        return self

    def up(self):
        """As people call it; returns the seconds until the first page came."""
        with Timed("docker-compose up --build -d, first page") as timed:
            self.compose("up", "--build", "-d")
            wait_until(lambda: self.get("/upload", {"Accept": "text/html"}).status == 200, PATIENCE, "the first page")
            seconds = timed.seconds
        wait_until(lambda: self.get("/readyz").status == 200, PATIENCE, "/readyz says yes")
        return seconds

    def down(self):
        """Containers and networks go, volumes stay."""
        self.compose("down")

    def stop(self):
        self.compose("down", "--volumes", "--rmi", "local", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *words, **options):
        return subprocess.run(["docker-compose", "--project-name", self.name, *words], cwd=self.copy,
                              env={**self.engine.environment, "SLUICE_PUBLISH": f"127.0.0.1:{self.port}"}, **options)

    def compose(self, *words, check=True):
        done = self.run(*words, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if check and done.returncode != 0:
            raise AssertionError(f"docker-compose {' '.join(words)} ended with {done.returncode}:\n{done.stdout[-8000:]}")
        return done.stdout

    def print_logs(self, lines=40):
        print(self.compose("ps", check=False), self.compose("logs", "--no-color", f"--tail={lines}", check=False), flush=True)

    # --- containers ---
    def container(self, service):
        """What `docker inspect` says of the service's container."""
        found = self.compose("ps", "-q", service).split()
        return json.loads(self.engine.docker("inspect", found[-1]))[0]

    def exec(self, service, *words, user=None, check=True):
        options = ["--user", user] if user else []
        return self.engine.docker("exec", *options, self.container(service)["Id"], *words, check=check)

    def ctl(self, *words):
        return self.exec("app", "./sluice", "ctl", *words)

    def tar(self, words, source=subprocess.DEVNULL, output=None):
        """tar in the application's container, an archive going in or out."""
        self.run("exec", "-T", "app", "tar", *words, stdin=source, stdout=output, check=True)

    def crash(self, service):
        """kill -9 of the container's first process, as the machine's own trouble does; `docker kill` would count as
        stopped by hand, and nothing would start it again."""
        os.kill(self.container(service)["State"]["Pid"], signal.SIGKILL)

    def health(self, service):
        return self.container(service)["State"]["Health"]["Status"]


def copy_of_the_tree(folder):
    """What git knows, as it stands in the working tree: no build, no state, no node_modules."""
    os.makedirs(folder)
    names = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], check=True,
                           capture_output=True).stdout
    here = b"\0".join(name for name in names.split(b"\0") if name and os.path.lexists(os.path.join(os.fsencode(ROOT), name)))
    subprocess.run(["xargs", "-0", "cp", "-P", "--parents", "--preserve=mode", "-t", folder], cwd=ROOT, input=here, check=True)
