# SPDX-License-Identifier: MIT
"""supervisord's XML-RPC over its Unix socket: what supervisorctl does, without its start-up time."""
import http.client
import socket
import xmlrpc.client


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class _UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path):
        super().__init__()
        self.path = path

    def make_connection(self, _host):
        return _UnixConnection(self.path)  # a new one each time: no state to go stale


class Supervisor:
    """programs() -> [{group, name, pid, statename, ...}]; start, stop and restart take "group:name" or "name"."""

    def __init__(self, socket_path):
        self.rpc = xmlrpc.client.ServerProxy("http://localhost/RPC2", transport=_UnixTransport(socket_path)).supervisor

    def programs(self):
        return self.rpc.getAllProcessInfo()

    def pid(self):
        """supervisord's own."""
        return self.rpc.getPID()

    def find(self, program):
        """The programs meant by "runner" (all of a kind), "runner_00" or "runner:runner_00"."""
        short = program.split(":")[-1]
        found = [p for p in self.programs() if short in (p["name"], p["group"])]
        if not found:
            raise KeyError(f"no program {program!r} under supervisord")
        return found

    def stop(self, program):
        for p in self.find(program):
            if p["statename"] in ("RUNNING", "STARTING", "BACKOFF"):
                self.rpc.stopProcess(f"{p['group']}:{p['name']}", True)

    def start(self, program):
        for p in self.find(program):
            if p["statename"] not in ("RUNNING", "STARTING"):
                self.rpc.startProcess(f"{p['group']}:{p['name']}", True)

    def signal(self, program, name):
        for p in self.find(program):
            self.rpc.signalProcess(f"{p['group']}:{p['name']}", name)
