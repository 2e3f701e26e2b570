# SPDX-License-Identifier: MIT
"""A machine whose power can be cut: the pools and a runner under forget.cpp, and a disk that keeps of what was not
synced only what chance lets it keep. MariaDB stands outside: its own commits are durable."""
import mmap
import os
import shutil
import struct
import subprocess
import uuid

from support.servers import ROOT
from support.wait import wait_until

HERE = os.path.dirname(os.path.abspath(__file__))


def build_shim(folder):
    shim = os.path.join(folder, "forget.so")
    subprocess.run(["g++", "-std=c++20", "-O1", "-shared", "-fPIC", "-o", shim, os.path.join(HERE, "forget.cpp"), "-ldl"],
                   check=True)
    return shim


class Disk:
    """What of a folder survives a cut. POSIX promises no more: the entries of a folder as of its last fsync, the bytes of
    a file as of its own; everything later may be there or not, each for itself."""

    def __init__(self, root, folder, random):
        self.root, self.folder, self.random = root, folder, random
        self.kept = os.path.join(folder, "kept")
        self.baseline()

    def baseline(self):
        """All that is there now is durable: the machine has just been started."""
        shutil.rmtree(self.kept, ignore_errors=True)
        os.makedirs(self.kept)
        os.chmod(self.kept, 0o777)
        self.entries, self.sizes = {}, {}
        for path, folders, files in os.walk(self.root):
            inode = os.stat(path).st_ino
            self.entries[inode] = {name: os.stat(os.path.join(path, name)).st_ino for name in [*folders, *files]}
            for name in files:
                status = os.stat(os.path.join(path, name))
                self.sizes[status.st_ino] = status.st_size
                self.keep(os.path.join(path, name), status.st_ino)
        open(os.path.join(self.folder, "log"), "w").close()

    def keep(self, path, inode):
        try:
            os.link(path, os.path.join(self.kept, str(inode)))
        except FileExistsError:
            pass

    def read_log(self):
        with open(os.path.join(self.folder, "log")) as log:
            for line in log:
                kind, inode, *rest = line.split()
                if kind == "F":
                    self.sizes[int(inode)] = int(rest[0])
                else:
                    self.entries[int(inode)] = dict(zip(rest[::2], map(int, rest[1::2])))

    def cut(self):
        """The folder as it is found when the machine starts again. Returns how much was forgotten."""
        self.read_log()
        self.forgotten, self.settled = 0, set()
        now, root = {}, os.stat(self.root).st_ino
        for path, folders, files in os.walk(self.root):
            inode = os.stat(path).st_ino
            now[inode] = {}
            for name in [*folders, *files]:
                child = os.stat(os.path.join(path, name)).st_ino
                now[inode][name] = child
                if name in files:
                    self.keep(os.path.join(path, name), child)
        self.build(root, self.root + ".new", now)
        shutil.rmtree(self.root)
        os.rename(self.root + ".new", self.root)
        self.baseline()
        return self.forgotten

    def build(self, inode, target, now):
        os.mkdir(target)
        durable, present = self.entries.get(inode, {}), now.get(inode, {})
        for name in sorted({*durable, *present}):
            choices = [durable.get(name), present.get(name)]
            child = choices[0] if choices[0] == choices[1] else self.random.choice(choices)
            self.forgotten += child != choices[1]
            if child is None:
                continue
            if os.path.exists(os.path.join(self.kept, str(child))):  # a file
                self.settle(child)
                os.link(os.path.join(self.kept, str(child)), os.path.join(target, name))
            elif child in self.entries or child in now:
                self.build(child, os.path.join(target, name), now)

    def settle(self, inode):
        """The bytes that were not synced: lost, zeroes, some of them there, or all."""
        if inode in self.settled:
            return
        self.settled.add(inode)
        path = os.path.join(self.kept, str(inode))
        durable, present = self.sizes.get(inode, 0), os.path.getsize(path)
        if durable >= present:
            return
        kind = self.random.choice(("lost", "zeroes", "some", "there"))
        if kind == "there":
            return
        self.forgotten += 1
        os.truncate(path, self.random.randrange(durable, present) if kind == "some" else durable)
        if kind == "zeroes":
            os.truncate(path, present)


class Machine:
    """Start it, cut its power; `pools` is what requests go to."""

    def __init__(self, pools, random):
        self.pools, self.random = pools, random
        # On the file system of the data: `kept` holds links.
        self.folder = os.path.join(pools.servers.folder, "power")
        os.makedirs(self.folder)
        self.shim = build_shim(self.folder)
        with open(os.path.join(self.folder, "count"), "w+b") as file:
            file.write(bytes(16))
            file.flush()
            self.count = mmap.mmap(file.fileno(), 16)
        self.disk = Disk(pools.data_dir, self.folder, random)
        self.environment = dict(pools.environment)

    def start(self, **settings):
        """Another boot: another boot id."""
        with open(os.path.join(self.folder, "boot_id"), "w") as file:
            file.write(f"{uuid.UUID(int=self.random.getrandbits(128))}\n")
        self.cut_at(None)
        self.pools.environment = {**self.environment, "LD_PRELOAD": self.shim, "POWER_FOLDER": self.folder, **settings}
        self.pools.power_on()

    def cut_at(self, events):
        """Cut the power so many events from now; None: not at all."""
        done = struct.unpack("QQ", self.count[:16])[0]
        self.count[8:16] = struct.pack("Q", 0 if events is None else done + events)

    def is_off(self):
        return self.pools.is_off()

    def cut(self):
        """Off it goes, if it has not gone by itself; then the disk forgets."""
        self.pools.power_off()
        return self.disk.cut()
