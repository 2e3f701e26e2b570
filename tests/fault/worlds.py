# SPDX-License-Identifier: MIT
"""The stacks that lines need besides the plain one."""
import os
import struct
import subprocess

from world import World


class Unavailable(Exception):
    """This machine cannot have that world; says why."""


class SmallDisks(World):
    """Exports and uploads lie on file systems of their own, that a test can fill."""
    SIZES = {"exports": 450, "uploads": 64}  # MiB; an export's part takes 64 at once

    def __init__(self):
        if os.getuid() != 0:
            raise Unavailable("only root can mount a small file system")
        super().__init__(SLUICE_MIN_FREE_DISK="4m")
        for name, size in self.SIZES.items():
            os.makedirs(self.folder(name))
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", self.folder(name)], text=True,
                                  capture_output=True)
            if done.returncode != 0:
                self.unmount()
                raise Unavailable(f"no file system can be mounted: {done.stderr.strip()}")

    def folder(self, name):
        return os.path.join(self.stack.data_dir, name)

    def fill(self, name):
        """Nothing fits any more."""
        with open(os.path.join(self.folder(name), "filler"), "wb", 0) as filler:
            block = b"\0" * 65536
            try:
                while filler.write(block):
                    pass
            except OSError:
                pass

    def free(self, name):
        path = os.path.join(self.folder(name), "filler")
        if os.path.exists(path):
            os.remove(path)

    def mend(self):
        for name in self.SIZES:
            self.free(name)
        super().mend()

    def unmount(self):
        for name in self.SIZES:
            subprocess.run(["umount", "-l", self.folder(name)], capture_output=True)

    def stop(self):
        self.stack.sluice("down", check=False)
        self.unmount()
        super().stop()


class Clocks(World):
    """The wall clocks of the runners and of MariaDB can be set."""
    PROGRAMS = {"runner": "build/release/jobs/sluice-runner", "mariadb": "supervisor/local.d/start-mariadb"}

    def start(self):
        super().start()
        app = self.stack.settings["SLUICE_APP_DIR"]
        library = os.path.join(app, "clock_step.so")
        subprocess.run(["g++", "-shared", "-fPIC", "-O1", "-std=c++20", "-o", library,
                        os.path.join(os.path.dirname(os.path.abspath(__file__)), "clock_step.cpp")], check=True)
        for name, program in self.PROGRAMS.items():
            self.step(name, 0)
            path = os.path.join(app, program)
            os.rename(path, path + ".real")
            with open(path, "w") as wrapper:
                wrapper.write(f'#!/bin/sh\nexport CLOCK_STEP_FILE={app}/{name}.step LD_PRELOAD={library}\nexec "$0.real" "$@"\n')
            os.chmod(path, 0o755)
        for program in ("runner", "quarantine", "mariadb"):
            self.stack.supervisor.stop(program)
        for program in ("mariadb", "runner", "quarantine"):
            self.stack.supervisor.start(program)
        self.ready()
        return self

    def step(self, name, seconds):
        path = os.path.join(self.stack.settings["SLUICE_APP_DIR"], f"{name}.step")
        with open(path, "r+b" if os.path.exists(path) else "wb", 0) as file:
            file.write(struct.pack("q", seconds))

    def mend(self):
        for name in self.PROGRAMS:
            self.step(name, 0)
        super().mend()


WORLDS = {"plain": World, "small disks": SmallDisks, "clocks": Clocks}
