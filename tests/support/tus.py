# SPDX-License-Identifier: MIT
"""A small tus 1.0.0 client that can be cut in the middle of a PATCH."""
import base64
import os
import socket
import urllib.parse

from . import http

VERSION = {"Tus-Resumable": "1.0.0"}
PATCH_TYPE = "application/offset+octet-stream"


def metadata(**pairs):
    """Upload-Metadata: values are text or bytes; None gives a key without a value."""
    def one(key, value):
        if value is None:
            return key
        raw = value.encode() if isinstance(value, str) else value
        return f"{key} {base64.b64encode(raw).decode()}"
    return ",".join(one(key, value) for key, value in pairs.items())


class Refused(AssertionError):
    """The server answered otherwise than hoped; .response has the answer."""

    def __init__(self, what, response):
        super().__init__(f"{what}: {response!r}")
        self.response = response


class TusClient:
    """base: the server's address. Every method is one request; nothing is repeated by itself."""

    def __init__(self, base, timeout=60):
        self.base, self.timeout = base, timeout

    def request(self, method, path, body=None, headers=None):
        return http.request(self.base, method, path, body, {**VERSION, **(headers or {})}, self.timeout)

    def create(self, length=None, body=None, headers=None, **meta):
        """POST /upload; length None defers it. Returns the Location, e.g. /upload/<uid>."""
        sent = {"Upload-Defer-Length": "1"} if length is None else {"Upload-Length": str(length)}
        if meta:
            sent["Upload-Metadata"] = metadata(**meta)
        if body is not None:
            sent["Content-Type"] = PATCH_TYPE
        answer = self.request("POST", "/upload", body, {**sent, **(headers or {})})
        if answer.status != 201:
            raise Refused("POST /upload", answer)
        return answer.headers["Location"]

    def patch(self, location, offset, body, headers=None):
        """One PATCH, its answer as it came."""
        return self.request("PATCH", location, body,
                            {"Content-Type": PATCH_TYPE, "Upload-Offset": str(offset), **(headers or {})})

    def head(self, location):
        return self.request("HEAD", location)

    def offset(self, location):
        answer = self.head(location)
        if answer.status not in (200, 204):
            raise Refused(f"HEAD {location}", answer)
        return int(answer.headers["Upload-Offset"])

    def delete(self, location):
        return self.request("DELETE", location)

    def upload(self, data, piece=8 << 20, **meta):
        """Create and send all of it in pieces; data: bytes or a path. Returns the Location."""
        source, length = open_source(data)
        with source:
            location = self.create(length, **meta)
            self.resume(location, source, length, piece)
        return location

    def resume(self, location, source, length, piece=8 << 20):
        """Ask for the offset and send the rest of the open file."""
        offset = self.offset(location)
        while offset < length:
            source.seek(offset)
            answer = self.patch(location, offset, source.read(piece))
            if answer.status != 204:
                raise Refused(f"PATCH {location} at {offset}", answer)
            offset = int(answer.headers["Upload-Offset"])

    def cut_patch(self, location, offset, body, sent, announced=None, chunked=False):
        """Start a PATCH of body, send only its first `sent` bytes, then drop the connection (RST).

        announced: the Content-Length claimed (default len(body)); chunked: none claimed at all.
        """
        patch = OpenPatch(self.base, location, offset, len(body) if announced is None else announced, chunked)
        patch.send(body[:sent])
        patch.cut()


class OpenPatch:
    """A PATCH on a raw socket that the test feeds and ends as it likes."""

    def __init__(self, base, location, offset, length, chunked=False, timeout=60):
        address = urllib.parse.urlsplit(base)
        self.chunked = chunked
        self.socket = socket.create_connection((address.hostname, address.port), timeout)
        framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {length}"
        self.socket.sendall((f"PATCH {location} HTTP/1.1\r\nHost: {address.netloc}\r\nTus-Resumable: 1.0.0\r\n"
                             f"Content-Type: {PATCH_TYPE}\r\nUpload-Offset: {offset}\r\n{framing}\r\n\r\n").encode())

    def send(self, data):
        self.socket.sendall(b"%x\r\n%s\r\n" % (len(data), data) if self.chunked and data else data)

    def finish(self):
        """End the body and return the status line and headers as text."""
        if self.chunked:
            self.socket.sendall(b"0\r\n\r\n")
        return self.read_answer()

    def read_answer(self):
        answer = b""
        while b"\r\n\r\n" not in answer:
            block = self.socket.recv(65536)
            if not block:
                break
            answer += block
        return answer.decode("latin-1")

    def cut(self):
        """Drop the connection as a broken network does: no orderly end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.socket.close()


def open_source(data):
    if isinstance(data, (bytes, bytearray)):
        import io
        return io.BytesIO(data), len(data)
    return open(data, "rb"), os.path.getsize(data)
