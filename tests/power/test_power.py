# SPDX-License-Identifier: MIT
"""Fifty power cuts at random events of uploads under way. After each: an upload whose completion was acknowledged is whole,
with equal SHA-256; an open one stands where it was durable, no further back, and its bytes are right; what was deleted
stays so. Every third life of the machine runs with SLUICE_SYNC=piece: then nothing that was acknowledged is lost."""
import hashlib
import os
import random
import threading
import time
import unittest

from machine import Machine
from pools import PoweredPools
from support.servers import Servers
from support.tus import metadata
from support.wait import wait_until
import fixture

VERSION = {"Tus-Resumable": "1.0.0"}
BODY = {**VERSION, "Content-Type": "application/offset+octet-stream"}
CUTS = 50
AT_ONCE = 5


class Sent:
    """One upload, as its client knows it."""

    def __init__(self, number, random):
        lines = [f"id,value {number}"] + [f"{i},{random.random()}" for i in range(random.randrange(200, 6000))]
        self.data = ("\n".join(lines) + "\n").encode()
        self.number, self.location = number, None
        self.acknowledged, self.complete, self.deleted = 0, False, False
        self.settled = False  # its assembled file has been seen to be right

    @property
    def hex(self):
        return self.location.rsplit("/", 1)[1].replace("-", "")


class PowerTest(unittest.TestCase):
    def test_fifty_cuts_keep_what_was_promised(self):
        seed = int(os.environ.get("SLUICE_SEED", time.time_ns() % 1_000_000))
        print(f"seed {seed}", end=" ", flush=True)
        self.random = random.Random(seed)
        self.sent, self.problems = [], []
        with Servers() as servers:
            fixture.migrate(servers)
            with PoweredPools(servers, {"SLUICE_WEB_THREADS": "8", "SLUICE_MAX_JOBS": "4"}) as pools:
                self.pools = pools
                self.machine = Machine(pools, self.random)
                self.live_and_die()
                self.finish_all()

    def live_and_die(self):
        forgotten = cut_by_event = went_back = 0
        for life in range(CUTS):
            durable_all = life % 3 == 2
            self.machine.start(**({"SLUICE_SYNC": "piece"} if durable_all else {}))
            self.check_all()
            self.machine.cut_at(self.random.randrange(20, 900))
            self.work()
            cut_by_event += self.machine.is_off()
            forgotten += self.machine.cut()
            went_back += self.expect(durable_all)
        print(f"{forgotten} things forgotten, {cut_by_event} cuts in the middle, {went_back} uploads set back,"
              f" {sum(s.complete for s in self.sent)} of {len(self.sent)} complete", end=" ", flush=True)
        # The checks could not fail if nothing had ever been lost.
        self.assertGreater(forgotten, 50)
        self.assertGreater(cut_by_event, CUTS // 2)
        self.assertGreater(went_back, 0)

    # --- the clients ---
    def work(self):
        """Some clients at once, until the power goes or each has done a few uploads."""
        chances = [random.Random(self.random.getrandbits(64)) for _ in range(AT_ONCE)]
        unfinished = [s for s in self.sent if not s.complete and not s.deleted]
        clients = [threading.Thread(target=self.client, args=(chance, unfinished[i::AT_ONCE]))
                   for i, chance in enumerate(chances)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        self.assertFalse(self.problems, self.problems[:3])

    def client(self, chance, unfinished):
        try:
            for sent in unfinished:
                self.send_rest(sent, chance)
            for _ in range(3):
                sent = Sent(len(self.sent), chance)
                self.create(sent, chance)
                self.send_rest(sent, chance)
                if chance.random() < 0.1:
                    self.delete(sent)
        except (OSError, PowerGone):
            pass
        except AssertionError as problem:
            self.problems.append(problem)

    def request(self, method, target, headers, body=None, lane=None):
        answer = self.pools.request(method, target, headers, body, lane)
        if answer.status == 0:
            raise PowerGone
        return answer

    def create(self, sent, chance):
        headers = {**VERSION, "Upload-Length": str(len(sent.data)),
                   "Upload-Metadata": metadata(filename=f"{sent.number}.csv", dataset=f"set {id(sent)}")}
        body = None
        if chance.random() < 0.3:
            body = sent.data[:chance.randrange(1, len(sent.data) + 1)]
            headers |= BODY
        answer = self.request("POST", "/upload", headers, body)
        if answer.status != 201:
            raise AssertionError(f"POST: {answer!r}")
        sent.location = answer.header("Location")
        self.sent.append(sent)
        self.took(sent, len(body or b""))

    def send_rest(self, sent, chance):
        while sent.acknowledged < len(sent.data):
            size = chance.choice((1, 700, 9000, 40000, len(sent.data)))
            body = sent.data[sent.acknowledged:sent.acknowledged + size]
            answer = self.request("PATCH", sent.location, {**BODY, "Upload-Offset": str(sent.acknowledged)}, body,
                                  chance.choice(("file", "stream", "chunked")))
            if answer.status != 204:
                raise AssertionError(f"PATCH at {sent.acknowledged}: {answer!r}")
            self.took(sent, len(body))

    @staticmethod
    def took(sent, size):
        sent.acknowledged += size
        sent.complete = sent.acknowledged == len(sent.data)

    def delete(self, sent):
        answer = self.request("DELETE", sent.location, VERSION)
        if answer.status != 204:
            raise AssertionError(f"DELETE: {answer!r}")
        sent.deleted = True

    # --- what must hold ---
    def rows(self):
        """{uid as hex digits: (state, offset, synced_offset, assembled)}"""
        rows = self.pools.table("SELECT LOWER(HEX(uid)), state, `offset`, synced_offset, assembled_at IS NOT NULL FROM uploads")
        return {uid: (state, int(offset), int(synced), assembled == "1") for uid, state, offset, synced, assembled in rows}

    def expect(self, durable_all):
        """After the cut: what each upload must stand at once the machine is up again. Returns how many lost bytes."""
        went_back, rows = 0, self.rows()
        for sent in self.sent:
            state, offset, synced, _ = rows[sent.hex]
            sent.was = state
            sent.must_have = offset if state == "complete" else synced
            if sent.complete and not sent.deleted:
                self.assertIn(state, ("complete", "gone"), f"{sent.location} was acknowledged as complete")
            if durable_all and state == "open":
                self.assertGreaterEqual(sent.must_have, sent.acknowledged, f"{sent.location}: SLUICE_SYNC=piece lost bytes")
            went_back += state == "open" and sent.must_have < sent.acknowledged
        return went_back

    def check_all(self):
        unsettled = [sent for sent in self.sent if not sent.settled]
        for sent in unsettled:
            head = self.request("HEAD", sent.location, VERSION)
            if sent.deleted or sent.was == "gone":
                self.assertIn(head.status, (404, 410), sent.location)
                sent.deleted = sent.settled = True
                continue
            self.assertEqual(head.status, 200, f"{sent.location}: {head!r}")
            offset = int(head.header("Upload-Offset"))
            self.assertEqual(offset, sent.must_have, f"{sent.location} ({sent.was})")
            sent.acknowledged, sent.complete = offset, sent.was == "complete"
        self.check_bytes([sent for sent in unsettled if not sent.deleted])

    def check_bytes(self, uploads):
        """In the pieces, or in the assembled file; a job may make the one of the others while we look."""
        for last_look in (False, False, True):
            uploads = [sent for sent, right in self.look(uploads) if not right]
            if uploads and last_look:
                raise AssertionError(f"{uploads[0].location}: what is there is not what was sent "
                                     f"(acknowledged {uploads[0].acknowledged} of {len(uploads[0].data)}, was {uploads[0].was})")

    def look(self, uploads):
        rows, pieces = self.rows(), {}
        for uid, name in self.pools.table("SELECT LOWER(HEX(uid)), file FROM upload_pieces p JOIN uploads u ON u.id = p.upload_id "
                                          "ORDER BY upload_id, start_offset"):
            pieces.setdefault(uid, []).append(os.path.join("pieces", name))
        for sent in uploads:
            # A job that was cut between the rename of the only piece and its commit has left the file and the piece's row.
            assembled, whole = rows[sent.hex][3], os.path.join("files", sent.hex[:2], sent.hex)
            moved = os.path.exists(os.path.join(self.pools.data_dir, "uploads", whole))
            names = [whole] if assembled or moved else pieces.get(sent.hex, [])
            found = b""
            for name in names:
                try:
                    with open(os.path.join(self.pools.data_dir, "uploads", name), "rb") as file:
                        found += file.read()
                except FileNotFoundError:
                    pass
            sent.settled = assembled and found == sent.data
            yield sent, found == sent.data[:sent.acknowledged]

    def finish_all(self):
        """Everything that is left is sent; each upload has been loaded then, and its file is what was sent."""
        self.machine.start()
        self.check_all()
        chance = random.Random(self.random.getrandbits(64))
        for sent in self.sent:
            if not sent.deleted:
                self.send_rest(sent, chance)
        living = [sent for sent in self.sent if not sent.deleted]
        open_jobs = "SELECT COUNT(*) FROM jobs WHERE state NOT IN ('succeeded', 'failed', 'cancelled')"
        wait_until(lambda: self.pools.sql(open_jobs) == "0", 120, "all jobs have ended", every=0.2)
        self.assertEqual(self.pools.sql("SELECT GROUP_CONCAT(error_code, error_detail) FROM jobs WHERE state = 'failed'"), "NULL")
        sums = dict(self.pools.table("SELECT LOWER(HEX(uid)), LOWER(HEX(sha256)) FROM uploads"))
        for sent in living:
            self.assertEqual(sums[sent.hex], hashlib.sha256(sent.data).hexdigest(), sent.location)
        self.check_bytes(living)


class PowerGone(Exception):
    """The connection ended without an answer."""
