# SPDX-License-Identifier: MIT
"""An upload that goes on until all is there, whatever happens on the way, as tus clients do: HEAD, PATCH, and again.
It checks on the way that nothing acknowledged is taken back."""
import http.client
import time

from .tus import Refused
from .wait import wait_until

COMES_AGAIN = (400, 408, 409, 423, 500, 502, 503, 504)  # after these a client asks HEAD and goes on
BLOCK = 16384  # bytes of one chunk of a streamed body


class SteadyUpload:
    """data: bytes. streamed: all that is left in one PATCH in the chunked coding; else `chunk` bytes of known length a
    PATCH. pause: seconds before each block or chunk: a slow line. key: the creation's Idempotency-Key."""

    def __init__(self, client, data, key, chunk=8 << 20, streamed=False, pause=0.0, patience=60, **metadata):
        self.client, self.data, self.key, self.metadata = client, data, key, metadata
        self.chunk, self.streamed, self.pause, self.patience = chunk, streamed, pause, patience
        self.acknowledged = self.cuts = 0

    def run(self):
        """Create it and send everything; returns its Location."""
        location = self.until_answered(lambda: self.client.create(
            len(self.data), headers={"Idempotency-Key": self.key}, **self.metadata))
        while (offset := self.ask(location)) < len(self.data):
            self.patch(location, offset)
        return location

    # --- for subclasses ---
    def before_request(self, body):
        """body: how many bytes the request will carry."""

    def after_cut(self, location, offset, body):
        """A PATCH of these bytes at that offset was not answered."""

    # --- requests ---
    def attempt(self, request, body=0):
        """One request; None when it was not answered."""
        self.before_request(body)
        try:
            return request()
        except Refused as refused:
            if refused.response.status not in COMES_AGAIN:
                raise
        except (OSError, http.client.HTTPException):
            self.cuts += 1
        return None

    def until_answered(self, request):
        return wait_until(lambda: self.attempt(request), self.patience, f"{self.key} is answered", every=0.05)

    def ask(self, location):
        offset, = self.until_answered(lambda: (self.client.offset(location),))
        assert self.acknowledged <= offset <= len(self.data), \
            f"{self.key}: offset {offset} of {len(self.data)} after {self.acknowledged} was acknowledged"
        self.acknowledged = offset
        return offset

    def patch(self, location, offset):
        body = self.data[offset:] if self.streamed else self.data[offset:offset + self.chunk]
        if not self.streamed:
            time.sleep(self.pause)
        sent = self.blocks(body) if self.streamed else body
        answer = self.attempt(lambda: self.client.patch(location, offset, sent), len(body))
        if answer is None:
            self.after_cut(location, offset, body)
        elif answer.status == 204:
            self.acknowledged = int(answer.headers["Upload-Offset"])
            assert self.acknowledged == offset + len(body), f"{self.key}: {answer!r}"
        else:
            assert answer.status in COMES_AGAIN, f"{self.key}: {answer!r}"

    def blocks(self, body):
        for at in range(0, len(body), BLOCK):
            time.sleep(self.pause)
            yield body[at:at + BLOCK]
