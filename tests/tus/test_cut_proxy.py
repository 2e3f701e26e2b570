# SPDX-License-Identifier: MIT
"""Two hundred uploads over lines that cut, stall, reset and swallow answers at random places: nothing is lost, nothing
acknowledged is taken back, and little is sent twice. SLUICE_SEED=<n> repeats the choices."""
import concurrent.futures
import hashlib
import http.client
import os
import random
import time
import unittest

from support.cut_proxy import CutProxy, Fault
from support.stack import shared
from support.tus import TusClient
from support.wait import wait_until

UPLOADS = 200
AT_ONCE = 24
LEAST, MOST = 64 << 10, 4 << 20  # bytes of an upload
FAULTS_AN_UPLOAD = 8  # then the line is good: the test must end
SLOW = 12  # uploads so slow that their cuts fall between two commits of one PATCH
HEADERS = 2048  # bytes of a request that are not its body, at most
PATIENCE = 60
COMES_AGAIN = (400, 408, 409, 423, 500, 502, 503, 504)  # after these a client asks HEAD and goes on


class Upload:
    """One upload through its own proxy, the way a tus client drives it: HEAD, PATCH, and again."""

    def __init__(self, stack, number, seed):
        self.random = random.Random(seed * 1000 + number)
        self.number, self.seed, self.stack = number, seed, stack
        self.streamed = number % 2 == 0  # in the chunked coding, all that is left in one PATCH; else chunks of known length
        self.slow = self.streamed and number < 2 * SLOW
        size = 600_000 if self.slow else round(LEAST * (MOST / LEAST) ** self.random.random())
        self.data = self.random.randbytes(size)  # no text: its import ends at once, after the file has been assembled
        self.chunk = self.random.randrange(32 << 10, 512 << 10)
        self.acknowledged = self.faults = self.cuts = self.sent_again = self.most_again = 0

    def run(self):
        with CutProxy("127.0.0.1", self.stack.port) as proxy:
            self.proxy, self.client = proxy, TusClient(proxy.url, timeout=20)
            location = self.until_answered(lambda: self.client.create(
                len(self.data), headers={"Idempotency-Key": f"cut-{self.seed}-{self.number}"}, filename=f"cut{self.number}.bin"))
            while (offset := self.ask(location)) < len(self.data):
                self.patch(location, offset)
        self.compare(location)
        return self

    # --- requests over the bad line ---
    def over_a_bad_line(self, request, body=0):
        """One request; None when the line did not let it through."""
        self.proxy.fault = self.draw(body)
        try:
            return request()
        except (OSError, http.client.HTTPException):
            self.cuts += 1
            return None

    def draw(self, body):
        if self.faults == FAULTS_AN_UPLOAD or self.random.random() < 0.4:
            return Fault()
        self.faults += 1
        at = self.random.randrange(body + 300)
        if self.slow and body:
            return Fault("cut", at)
        kind = self.random.choice(["cut", "reset", "stall", "stall_and_cut", "answer_lost"])
        return Fault(kind, at, self.random.uniform(0.02, 0.3))

    def until_answered(self, request):
        return wait_until(lambda: self.over_a_bad_line(request), PATIENCE, f"upload {self.number} is answered")

    def ask(self, location):
        offset = self.until_answered(lambda: (self.client.offset(location),))[0]
        assert offset >= self.acknowledged, f"upload {self.number}: offset {offset} after {self.acknowledged} was acknowledged"
        assert offset <= len(self.data)
        self.acknowledged = offset
        return offset

    def patch(self, location, offset):
        body = self.data[offset:] if self.streamed else self.data[offset:offset + self.chunk]
        answer = self.over_a_bad_line(lambda: self.client.patch(location, offset, self.blocks(body) if self.streamed else body), len(body))
        if answer is None:
            self.little_is_sent_again(location, offset, body)
        elif answer.status == 204:
            self.acknowledged = int(answer.headers["Upload-Offset"])
            assert self.acknowledged == offset + len(body), answer
        else:
            assert answer.status in COMES_AGAIN, f"upload {self.number}: {answer!r}"

    def blocks(self, body):
        for at in range(0, len(body), 16384):
            if self.slow:
                time.sleep(0.1)  # the slowness of the line, not a wait for anything
            yield body[at:at + 16384]

    # --- what must hold ---
    def little_is_sent_again(self, location, offset, body):
        """Chunk: at most itself. Stream: at most what came in the last second before the cut."""
        passage = self.proxy.passage
        passage.wait()
        direct = self.stack.tus
        if self.streamed and passage.fault.kind != "reset":  # a reset may overtake what lies in the kernel
            arrived = passage.bytes_until(passage.ended_at - 1) * 0.99 - HEADERS  # less the coding's own bytes
            wait_until(lambda: direct.offset(location) >= offset + arrived, PATIENCE,
                       f"upload {self.number}: {arrived} of the bytes after {offset} count")
        kept = direct.offset(location) - offset
        assert 0 <= kept <= len(body), f"upload {self.number}: {kept} of {len(body)} kept at {offset}"
        again = max(0, min(len(body), passage.bytes_until(passage.ended_at)) - kept)
        self.sent_again, self.most_again = self.sent_again + again, max(self.most_again, again)

    def compare(self, location):
        file = f"{location}/file"
        answer = wait_until(lambda: (got := self.stack.get(file)).status == 200 and got, PATIENCE, f"{file} is there")
        assert hashlib.sha256(answer.body).digest() == hashlib.sha256(self.data).digest(), f"upload {self.number}: other bytes"


class CutLines(unittest.TestCase):
    def test_two_hundred_uploads_over_bad_lines(self):
        seed = int(os.environ.get("SLUICE_SEED", time.time_ns() % 1_000_000))
        print(f"seed {seed}", flush=True)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
            running = [threads.submit(Upload(shared(), number, seed).run) for number in range(UPLOADS)]
            done = [future.result() for future in running]
        cuts, size = sum(one.cuts for one in done), sum(len(one.data) for one in done)
        again = sum(one.sent_again for one in done)
        most = max(one.most_again for one in done)
        print(f"{size} bytes, {cuts} cuts, {again} bytes sent again ({again / size:.1%}), at most {most} at once", flush=True)
        self.assertGreater(cuts, UPLOADS)
        made = shared().sql("SELECT COUNT(*) AS n FROM uploads WHERE filename LIKE 'cut%.bin'")[0]["n"]
        self.assertEqual(int(made), UPLOADS)  # a creation whose answer was lost is found again by its Idempotency-Key
