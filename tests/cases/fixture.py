# SPDX-License-Identifier: MIT
"""Two pools of sluice-fcgi over a private MariaDB and Redis, asked as nginx asks them; no nginx."""
import glob
import os
import socket
import subprocess

from support import fastcgi, openapi
from support.servers import ROOT

BUFFERED_LIMIT = 16 << 20  # nginx hands longer bodies to pool stream
POOLS = ("web", "stream")


class Pools:
    """with Pools(servers, {"SLUICE_X": "1"}) as pools: pools.request("HEAD", "/upload/…", {...})

    copies: processes of each pool on its one socket, as supervisord starts them."""

    count = 0

    def __init__(self, servers, settings=None, copies=1):
        Pools.count += 1
        self.copies = copies
        self.servers = servers
        self.environment = {**servers.environment(), "SLUICE_MIN_FREE_DISK": "1m", "SLUICE_STREAM_THREADS": "24",
                            **(settings or {})}
        for name in ("SLUICE_TEST_DB_SOCKET", "SLUICE_TEST_REDIS_SOCKET"):
            self.environment.pop(name, None)
        self.data_dir = self.environment["SLUICE_DATA_DIR"]
        self.incoming = os.path.join(self.data_dir, "uploads", "incoming")
        os.makedirs(self.incoming, exist_ok=True)
        self.sockets = {pool: os.path.join(servers.run_dir, f"{pool}{Pools.count}.sock") for pool in POOLS}
        self.processes = {}
        self.bodies = 0

    def __enter__(self):
        for pool in POOLS:
            self.start(pool)
        return self

    def __exit__(self, *_):
        problems = [self.stop(pool) for pool in list(self.processes)]
        if any(problems):
            raise AssertionError(f"sluice-fcgi ended with {problems}; its log:\n{self.log()[-4000:]}")

    def start(self, pool):
        with socket.socket(socket.AF_UNIX) as listening:
            if os.path.exists(self.sockets[pool]):
                os.unlink(self.sockets[pool])
            listening.bind(self.sockets[pool])
            listening.listen(1024)
            with open(self.log_file(), "ab") as log:
                for copy in range(self.copies):
                    self.processes[pool if copy == 0 else f"{pool} {copy}"] = subprocess.Popen(
                        [self.program(), "--pool", pool], stdin=listening,
                        stdout=log, stderr=log, env=self.environment)
        answer = fastcgi.request(self.sockets[pool], self.parameters("GET", "/livez", []))  # waits in the backlog
        if answer.status != 200:
            raise AssertionError(f"pool {pool} does not start:\n{self.log()[-2000:]}")

    @staticmethod
    def program():
        return os.path.join(ROOT, "build", "dev", "fcgi-app", "sluice-fcgi")

    def stop(self, pool):
        """SIGTERM; returns the exit code."""
        process = self.processes.pop(pool)
        process.terminate()
        return process.wait(60)

    def log_file(self):
        return os.path.join(self.servers.state_dir, "log", "pools.log")

    def log(self):
        with open(self.log_file(), errors="replace") as log:
            return log.read()

    # --- requests ---
    def parameters(self, method, target, headers, length=None, body_file=None, pre_check=False, request_id="case-0123456789"):
        path, _, query = target.partition("?")
        out = [("REQUEST_METHOD", method), ("REQUEST_URI", target), ("QUERY_STRING", query), ("REQUEST_ID", request_id),
               ("DOCUMENT_URI", "/_pre" if pre_check else path)]
        for name, value in headers:
            if name.lower() == "content-type":
                out.append(("CONTENT_TYPE", value))
            else:
                out.append(("HTTP_" + name.upper().replace("-", "_"), value))
        stated = "" if length is None else str(length)
        out += [("CONTENT_LENGTH", ""), ("UPLOAD_CONTENT_LENGTH", stated)] if pre_check else [("CONTENT_LENGTH", stated)]
        if body_file:
            out.append(("REQUEST_BODY_FILE", body_file))
        return out

    def body_file(self, body):
        """What nginx does in the buffered lane: the whole body in a file."""
        self.bodies += 1
        path = os.path.join(self.incoming, f"{Pools.count}{self.bodies:08d}")
        with open(path, "wb") as file:
            file.write(body)
        return path

    def request(self, method, target, headers=(), body=None, lane=None):
        """lane: file, stream (known length), chunked (unknown), plain (stdin of pool web), pre; by default nginx' choice."""
        headers = list(headers.items() if isinstance(headers, dict) else headers)
        answer = self.ask(method, target, headers, body, lane)
        if lane != "pre" and answer.status:  # 0: killed before it answered
            openapi.answered(method, target, headers, body, answer.status, answer.header, answer.body)
        return answer

    def ask(self, method, target, headers, body, lane):
        if lane == "pre":
            return fastcgi.request(self.sockets["web"], self.parameters(
                method, target, headers, None if body is None else len(body), pre_check=True))
        if lane is None:
            lane = "plain"
            if method in ("POST", "PATCH") and body is not None and target.count("/") < 3 and target.startswith("/upload"):
                lane = "stream" if len(body) > BUFFERED_LIMIT else "file"
        if lane == "file":
            path = self.body_file(body)
            try:
                return fastcgi.request(self.sockets["web"], self.parameters(method, target, headers, len(body), path))
            finally:
                if os.path.exists(path):
                    os.unlink(path)
        pool = "web" if lane == "plain" else "stream"
        length = None if lane == "chunked" or body is None else len(body)
        return fastcgi.request(self.sockets[pool], self.parameters(method, target, headers, length), body or b"")

    def open(self, method, target, headers, length=None, request_id="case-0123456789"):
        """A streamed request whose body the test feeds itself."""
        parameters = self.parameters(method, target, list(headers.items()), length, request_id=request_id)
        return fastcgi.Exchange(self.sockets["stream"], parameters)

    # --- what lies behind ---
    def client(self):
        return ["mariadb", f"--defaults-extra-file={self.servers.state_dir}/secrets/migrate.cnf",
                f"--socket={self.servers.database_socket}", "--batch", "--skip-column-names", "sluice"]

    def session(self):
        """The database by a pipe: statements go to stdin, answers come from stdout at once."""
        return subprocess.Popen([*self.client(), "--unbuffered"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def sql(self, query):
        """The first cell of the answer, as text."""
        done = subprocess.run([*self.client(), "-e", query], capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"{query}: {done.stderr}")
        return done.stdout.strip().split("\n")[0]

    def files(self, uid):
        """How many piece files lie there for an upload."""
        hex_name = uid.replace("-", "")
        return len(glob.glob(os.path.join(self.data_dir, "uploads", "pieces", hex_name[:2], hex_name, "*")))

    def content(self, uid):
        """The bytes of an upload, put together by its rows."""
        rows = self.sql("SELECT GROUP_CONCAT(file ORDER BY start_offset) FROM upload_pieces p JOIN uploads u ON u.id = "
                        f"p.upload_id WHERE u.uid = UNHEX('{uid.replace('-', '')}')")
        out = b""
        for name in rows.split(",") if rows != "NULL" else []:
            with open(os.path.join(self.data_dir, "uploads", "pieces", name), "rb") as piece:
                out += piece.read()
        return out


def migrate(servers):
    """The schema, by the migrations as they are."""
    for path in sorted(glob.glob(os.path.join(ROOT, "sql", "migrations", "*.sql"))):
        with open(path) as file:
            subprocess.run(["mariadb", f"--defaults-extra-file={servers.state_dir}/secrets/migrate.cnf",
                            f"--socket={servers.database_socket}", "sluice"], stdin=file, check=True)
