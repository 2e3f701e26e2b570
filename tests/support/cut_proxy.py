# SPDX-License-Identifier: MIT
"""A TCP proxy for tests that does to a connection what bad lines do, at a chosen byte of the request.

One client, one connection after the other: set `proxy.fault` before each. What really went through, and when, is in
`proxy.passage` afterwards.
"""
import contextlib
import dataclasses
import socket
import struct
import threading
import time

BLOCK = 16384
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close by RST


@dataclasses.dataclass
class Fault:
    """kind: none | cut (orderly, both ways) | reset (RST, both ways) | stall (for `seconds`, then on) |
    stall_and_cut | answer_lost (the request arrives, its answer does not). `at`: byte of the request."""
    kind: str = "none"
    at: int = 0
    seconds: float = 0.0


class Passage:
    """One connection through the proxy. forwarded: [(monotonic time, bytes of the request so far)]."""

    def __init__(self, client, server, fault):
        self.client, self.server, self.fault = client, server, fault
        self.forwarded, self.ended_at = [], None
        self.upward = threading.Thread(target=self._carry_up, daemon=True)
        self.downward = threading.Thread(target=self._carry_down, daemon=True)
        self.upward.start()
        self.downward.start()

    def wait(self):
        """Until both directions have ended."""
        self.upward.join()
        self.downward.join()

    def bytes_until(self, moment):
        """How many bytes of the request had been passed on by then."""
        return max((total for at, total in self.forwarded if at <= moment), default=0)

    def _carry_up(self):
        total, stalled = 0, False
        with contextlib.suppress(OSError):
            while block := self.client.recv(BLOCK):
                left = self.fault.at - total
                reached = self.fault.kind not in ("none", "answer_lost") and not stalled and left < len(block)
                if reached and left > 0:
                    total = self._pass_on(block[:left], total)
                    block = block[left:]
                if reached and self.fault.kind.startswith("stall"):
                    stalled = True
                    time.sleep(self.fault.seconds)
                if reached and self.fault.kind != "stall":
                    break
                total = self._pass_on(block, total)
        self._end()

    def _pass_on(self, block, total):
        self.server.sendall(block)
        total += len(block)
        self.forwarded.append((time.monotonic(), total))
        return total

    def _carry_down(self):
        with contextlib.suppress(OSError):
            while block := self.server.recv(BLOCK):
                if self.fault.kind == "answer_lost":
                    break
                self.client.sendall(block)
        self._end()

    def _end(self):
        """Close both sides, once; the other direction's thread notices."""
        if self.ended_at is not None:
            return
        self.ended_at = time.monotonic()
        for side in (self.server, self.client):
            with contextlib.suppress(OSError):
                if self.fault.kind == "reset":
                    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                else:
                    side.shutdown(socket.SHUT_RDWR)
        if self.fault.kind == "reset":
            self._close()

    def _close(self):
        for side in (self.server, self.client):
            # close() alone waits for the other thread's recv(); this ends it at once
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RD)
            side.close()


class CutProxy:
    """with CutProxy("127.0.0.1", 8081) as proxy: proxy.fault = Fault("cut", 1000); … proxy.url …"""

    def __init__(self, host, port):
        self.target, self.fault, self.passage = (host, port), Fault(), None
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                self.passage = Passage(client, socket.create_connection(self.target, 30), self.fault)
