# SPDX-License-Identifier: MIT
"""Two hundred uploads over lines that cut, stall, reset and swallow answers at random places: nothing is lost, nothing
acknowledged is taken back, and little is sent twice. SLUICE_SEED=<n> repeats the choices."""
import concurrent.futures
import hashlib
import os
import random
import time
import unittest

from support.cut_proxy import CutProxy, Fault
from support.stack import shared
from support.steady_upload import SteadyUpload
from support.tus import TusClient
from support.wait import wait_until

UPLOADS = 200
AT_ONCE = 24
LEAST, MOST = 64 << 10, 4 << 20  # bytes of an upload
FAULTS_AN_UPLOAD = 8  # then the line is good: the test must end
SLOW = 12  # uploads so slow that their cuts fall between two commits of one PATCH
HEADERS = 2048  # bytes of a request that are not its body, at most
PATIENCE = 60


class Upload(SteadyUpload):
    """One upload through a proxy of its own."""

    def __init__(self, stack, number, seed):
        self.random = random.Random(seed * 1000 + number)
        self.stack, self.faults, self.sent_again, self.most_again = stack, 0, 0, 0
        streamed, self.slow = number % 2 == 0, number < 2 * SLOW and number % 2 == 0
        size = 600_000 if self.slow else round(LEAST * (MOST / LEAST) ** self.random.random())
        data = self.random.randbytes(size)  # no text: its import ends at once, after the file has been assembled
        super().__init__(None, data, f"cut-{seed}-{number}", self.random.randrange(32 << 10, 512 << 10), streamed,
                         0.1 if self.slow else 0.0, PATIENCE, filename=f"cut{number}.bin")

    def run(self):
        with CutProxy("127.0.0.1", self.stack.port) as self.proxy:
            self.client = TusClient(self.proxy.url, timeout=20)
            location = super().run()
        self.compare(location)
        return self

    def before_request(self, body):
        self.proxy.fault = self.draw(body)

    def draw(self, body):
        if self.faults == FAULTS_AN_UPLOAD or self.random.random() < 0.4:
            return Fault()
        self.faults += 1
        at = self.random.randrange(body + 300)
        if self.slow and body:
            return Fault("cut", at)
        kind = self.random.choice(["cut", "reset", "stall", "stall_and_cut", "answer_lost"])
        return Fault(kind, at, self.random.uniform(0.02, 0.3))

    def after_cut(self, location, offset, body):
        """Little is sent again: of a chunk at most itself, of a stream at most what came in the last second before."""
        passage = self.proxy.passage
        passage.wait()
        direct = self.stack.tus
        if self.streamed and passage.fault.kind != "reset":  # a reset may overtake what lies in the kernel
            arrived = passage.bytes_until(passage.ended_at - 1) * 0.99 - HEADERS  # less the coding's own bytes
            wait_until(lambda: direct.offset(location) >= offset + arrived, PATIENCE,
                       f"{self.key}: {arrived} of the bytes after {offset} count")
        kept = direct.offset(location) - offset
        assert 0 <= kept <= len(body), f"{self.key}: {kept} of {len(body)} kept at {offset}"
        again = max(0, min(len(body), passage.bytes_until(passage.ended_at)) - kept)
        self.sent_again, self.most_again = self.sent_again + again, max(self.most_again, again)

    def compare(self, location):
        file = f"{location}/file"
        answer = wait_until(lambda: (got := self.stack.get(file)).status == 200 and got, PATIENCE, f"{file} is there")
        assert hashlib.sha256(answer.body).digest() == hashlib.sha256(self.data).digest(), f"{self.key}: other bytes"


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
