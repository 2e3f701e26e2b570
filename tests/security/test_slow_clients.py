# SPDX-License-Identifier: MIT
"""Requirements 8 and 53: clients that hold on to what they have, in any number, slow nobody who is quick."""
import concurrent.futures
import socket
import subprocess
import sys
import threading
import time

from hostile import PER_ADDRESS, SecurityTest
from support import http, pace
from support.tus import PATCH_TYPE
from support.wait import wait_until

BUFFERED, STREAMED = 260, 240
HALF_OPEN, HALF_OPEN_SENDERS = 5000, 8
REQUESTS = 300


def head(location, framing, *more):
    return "".join(line + "\r\n" for line in (
        f"PATCH {location} HTTP/1.1", "Host: localhost", "Tus-Resumable: 1.0.0", f"Content-Type: {PATCH_TYPE}", "Upload-Offset: 0",
        framing, *more, "")).encode()


class Drips:
    """Many PATCHes, each of which sends a byte now and then; with Drips(...) as drips."""

    def __init__(self, port, locations):
        """locations: (location, streamed, address it comes from)"""
        self.port, self.locations, self.sockets = port, locations, []
        self.over = threading.Event()
        self.sent = self.lost = 0

    def __enter__(self):
        for location, streamed, address in self.locations:
            drip = socket.create_connection(("127.0.0.1", self.port), 60, (address, 0))
            drip.sendall(head(location, "Transfer-Encoding: chunked" if streamed else "Content-Length: 1000000"))
            self.sockets.append((drip, b"1\r\nx\r\n" if streamed else b"x"))
        self.thread = threading.Thread(target=self.drip)
        self.thread.start()
        return self

    def drip(self):
        while not self.over.is_set():
            for drip, byte in self.sockets:
                try:
                    drip.sendall(byte)
                except OSError:
                    self.lost += 1
            self.sent += 1
            self.over.wait(1.5)

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        for drip, _ in self.sockets:
            drip.close()


HOLD = """
import selectors, socket, sys, time
port, count = int(sys.argv[1]), int(sys.argv[2])
selector = selectors.DefaultSelector()

def begin():
    half = socket.create_connection(("127.0.0.1", port), 60)
    half.sendall(b"GET /jobs HTTP/1.1\\r\\nHost: localhost\\r\\nX-Slow: ")
    selector.register(half, selectors.EVENT_READ)

for _ in range(count):
    begin()
print("all", flush=True)
again = 0
while True:
    for key, _ in selector.select():  # the server gives one up after client_header_timeout: another one takes its place
        selector.unregister(key.fileobj)
        key.fileobj.close()
        begin()
        again += 1
"""


class HalfOpen:
    """So many connections whose header never ends, from a few processes; what the server closes comes again."""

    def __init__(self, port, count, senders):
        self.words = [sys.executable, "-c", HOLD, str(port), str(count // senders)]
        self.senders = senders

    def __enter__(self):
        self.processes = [subprocess.Popen(self.words, stdout=subprocess.PIPE, text=True) for _ in range(self.senders)]
        try:
            for process in self.processes:
                if process.stdout.readline() != "all\n":
                    raise AssertionError("a sender of half requests ended")
        except BaseException:
            self.__exit__()
            raise
        return self

    def all_alive(self):
        return all(process.poll() is None for process in self.processes)

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()
            process.stdout.close()


def connections_of(port):
    """Established ones at this port's side."""
    with open("/proc/net/tcp") as table:
        return sum(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "01" for line in table)


class SlowClients(SecurityTest):
    def create_many(self, count):
        with concurrent.futures.ThreadPoolExecutor(16) as threads:
            return list(threads.map(lambda _: self.create(1_000_000), range(count)))

    def delete_many(self, locations):
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            list(threads.map(self.tus.delete, locations))

    def started(self):
        return int(self.sql("SELECT COUNT(*) FROM uploads WHERE state = 'open' AND length = 1000000 AND `offset` > 0"))

    def percentile(self):
        """p99 of GET /jobs, in seconds."""
        took = []
        for _ in range(REQUESTS):
            begun = time.monotonic()
            self.assertEqual(http.request(self.stack.url, "GET", "/jobs").status, 200)
            took.append(time.monotonic() - begun)
        return sorted(took)[REQUESTS * 99 // 100]

    def test_53_drips_and_half_open_connections_slow_no_status(self):
        locations = self.create_many(BUFFERED + STREAMED)
        self.addCleanup(self.delete_many, locations)
        base = self.percentile()
        clients = [(location, number < STREAMED, f"127.0.0.{2 + number % 2}") for number, location in enumerate(locations)]
        with Drips(self.stack.port, clients) as drips:
            wait_until(lambda: all(self.offset(location) > 0 for location in locations[:STREAMED:40]), 60, "streamed bytes count")
            # Somebody else may use the machine: the best of three.
            with_drips = min(self.percentile() for _ in range(3))
            with HalfOpen(self.stack.port, HALF_OPEN, HALF_OPEN_SENDERS) as half_open:
                wait_until(lambda: connections_of(self.stack.port) > HALF_OPEN, 60, "all are there")
                with_all = min(self.percentile() for _ in range(3))
                self.assertGreater(connections_of(self.stack.port), HALF_OPEN)
                self.assertTrue(half_open.all_alive())
            before = drips.sent
            wait_until(lambda: drips.sent > before + 1, 60, "the drips go on")
        base = max(base, self.percentile())
        self.assertEqual(drips.lost, 0)
        print(f"p99 of GET /jobs {base * 1000:.1f} ms, with {len(clients)} drips {with_drips * 1000:.1f} ms, "
              f"with {HALF_OPEN} half-open connections too {with_all * 1000:.1f} ms", end=" ", flush=True)
        self.assertGreater(self.offset(locations[0]), 0)
        self.assertEqual(self.offset(locations[-1]), 0)  # buffered: nothing of a body that did not end
        self.assertLess(with_drips, max(0.1, 2 * base))
        self.assertLess(with_all, 0.25 * pace.slowness())

    def test_08_streamed_bodies_of_one_address_are_limited(self):
        """And an address that a client claims in a header is not its address."""
        locations = self.create_many(PER_ADDRESS + 1)
        self.addCleanup(self.delete_many, locations)
        busy = [(location, True, "127.0.0.4") for location in locations[:-1]]

        def one_more(address, *more):
            with socket.create_connection(("127.0.0.1", self.stack.port), 60, (address, 0)) as connection:
                connection.sendall(head(locations[-1], "Transfer-Encoding: chunked", "Connection: close", *more) + b"0\r\n\r\n")
                answer = b""
                while block := connection.recv(65536):
                    answer += block
            return answer
        with Drips(self.stack.port, busy) as drips:
            wait_until(lambda: self.started() >= PER_ADDRESS, 60, "bytes of all of them count")
            refusal = wait_until(lambda: (a := one_more("127.0.0.4")).startswith(b"HTTP/1.1 503 ") and a, 60, "the limit is reached")
            for header in (b"application/problem+json", b"\r\nRetry-After: ", b"\r\nTus-Resumable: 1.0.0"):
                self.assertIn(header, refusal)
            forged = one_more("127.0.0.4", "X-Forwarded-For: 10.1.2.3", "X-Real-IP: 10.1.2.3", "Forwarded: for=10.1.2.3")
            self.assertTrue(forged.startswith(b"HTTP/1.1 503 "), forged)
            self.assertEqual(drips.lost, 0)
            other = one_more("127.0.0.5")
            self.assertTrue(other.startswith(b"HTTP/1.1 204 "), other)
        wait_until(lambda: one_more("127.0.0.4").startswith(b"HTTP/1.1 204 "), 60, "there is room again")
