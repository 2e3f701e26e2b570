# SPDX-License-Identifier: MIT
"""What the tests of this suite share: one stack, raw requests, and what every refusal must look like."""
import os
import random
import re
import socket
import time
import unittest

from support.stack import Stack
from support.tus import PATCH_TYPE

ORIGIN = "https://app.example"
PER_ADDRESS = 130  # streamed bodies at once from one address
UID = "12345678-1234-4234-9234-123456789abc"
END = b"Host: localhost\r\nConnection: close\r\n\r\n"
_stack = None


def stack():
    """One stack for the suite. Its total of streamed bodies is above two addresses' worth."""
    global _stack
    if _stack is None:
        _stack = Stack(SLUICE_CORS_ORIGINS=ORIGIN, SLUICE_STREAM_PER_ADDRESS=PER_ADDRESS, SLUICE_STREAM_THREADS=160).start()
    return _stack


def is_whole(answer):
    head, blank, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"\r\nContent-Length: (\d+)", head)
    return bool(blank) and (not length or len(body) >= int(length.group(1)))


class Answer:
    """status (0: closed without an answer), head and body as bytes, count of answers."""

    def __init__(self, raw):
        self.raw = raw
        self.count = len(re.findall(rb"(?m)^HTTP/1\.\d \d{3} ", raw))
        self.head, _, self.body = raw.partition(b"\r\n\r\n")
        found = re.match(rb"HTTP/1\.\d (\d{3})", raw)
        self.status = int(found.group(1)) if found else 0

    def header(self, name):
        """All values of that name, joined; None when there is none."""
        found = re.findall(rb"(?im)^" + name.encode() + rb": *([^\r\n]*)", self.head)
        return ", ".join(value.decode("latin-1") for value in found) if found else None

    def __repr__(self):
        return f"<{self.raw[:600]!r}>"


class SecurityTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stack()
        cls.tus = cls.stack.tus

    def setUp(self):
        self.seed = int(os.environ.get("SLUICE_SEED", time.time_ns() % 1_000_000))
        self.random = random.Random(self.seed)

    # --- requests ---
    def raw(self, request, timeout=30):
        """Send bytes as they are, read until the server closes."""
        with socket.create_connection(("127.0.0.1", self.stack.port), timeout) as connection:
            answer, whole = b"", False
            try:
                connection.sendall(request)
                while block := connection.recv(65536):
                    answer += block
                    if not whole and is_whole(answer):
                        whole = True
                        connection.shutdown(socket.SHUT_WR)  # nothing more will come: nginx need not linger for it
            except (ConnectionResetError, BrokenPipeError):
                pass
            return Answer(answer)

    def ask(self, line, *headers, body=b""):
        """One request of a line, headers and a body; Host and Connection: close are added."""
        lines = b"".join((h if isinstance(h, bytes) else h.encode()) + b"\r\n" for h in headers)
        return self.raw(line.encode() + b" HTTP/1.1\r\n" + lines + END + body)

    def patch(self, location, *headers, body=b"", offset=0, length=None):
        """A PATCH whose headers are right but for those given."""
        names = {(h if isinstance(h, str) else h.decode("latin-1")).split(":")[0].lower() for h in headers}
        usual = [f"{name}: {value}" for name, value in
                 (("Tus-Resumable", "1.0.0"), ("Content-Type", PATCH_TYPE), ("Upload-Offset", offset),
                  ("Content-Length", len(body) if length is None else length)) if name.lower() not in names]
        return self.ask(f"PATCH {location}", *usual, *headers, body=body)

    def post(self, *headers, body=b""):
        names = {(h if isinstance(h, str) else h.decode("latin-1")).split(":")[0].lower() for h in headers}
        usual = [f"{name}: {value}" for name, value in (("Tus-Resumable", "1.0.0"), ("Content-Length", len(body)))
                 if name.lower() not in names]
        return self.ask("POST /upload", *usual, *headers, body=body)

    def create(self, length=10, **meta):
        return self.tus.create(length, **meta)

    def offset(self, location):
        return self.tus.offset(location)

    # --- what lies behind ---
    def sql(self, query):
        """The first cell."""
        rows = self.stack.sql(query)
        return next(iter(rows[0].values())) if rows else None

    def uploads(self):
        return int(self.sql("SELECT COUNT(*) FROM uploads"))

    def reserved(self):
        return int(self.sql("SELECT COALESCE(SUM(reserved_bytes), 0) FROM uploads"))

    # --- what must hold ---
    def assert_refused(self, answer, *statuses, what=None):
        """One answer with one of the statuses, as problem+json, and no second one for what was smuggled in behind it."""
        what = what or answer
        self.assertIn(answer.status, statuses, f"{what}: {answer}")
        self.assertEqual(answer.count, 1, f"{what}: {answer}")
        self.assertEqual(answer.header("Content-Type"), "application/problem+json", f"{what}: {answer}")
        self.assertIn(b'"status":%d' % answer.status, answer.body.replace(b'": ', b'":'), f"{what}: {answer}")

    def assert_harmless(self, answer, what):
        """Not a page of somebody else's making, no defect of ours."""
        self.assertNotIn(answer.status, (500, 502), f"{what}: {answer}")
        self.assertNotIn(b"<html", answer.raw.lower(), f"{what}: {answer}")
        self.assertLessEqual(answer.count, 1, f"{what}: {answer}")

