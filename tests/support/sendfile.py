# SPDX-License-Identifier: MIT
"""An HTTP client that costs next to nothing: one kept connection, bodies by sendfile from an open file."""
import os
import socket


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 30)
        self.socket.settimeout(None)  # with one, the descriptor would not block, and sendfile fail
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def request(self, method, path, headers, file=None, offset=0, length=0):
        """Send length bytes of the open file from offset on as body; returns (status, {lower-case name: value})."""
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {length}",
                 *(f"{name}: {value}" for name, value in headers.items())]
        # MSG_MORE: head and body leave together, as a client that writes both at once would send them
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode(), socket.MSG_MORE if length else 0)
        while length > 0:
            sent = os.sendfile(self.socket.fileno(), file.fileno(), offset, length)
            offset, length = offset + sent, length - sent
        return self._answer()

    def _answer(self):
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._receive()
        head, _, body = answer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        left = int(headers.get("content-length", 0)) - len(body)
        while left > 0:
            left -= len(self._receive())
        return int(first.split()[1]), headers

    def _receive(self):
        block = self.socket.recv(65536)
        if not block:
            raise ConnectionError("closed in the middle of an answer")
        return block
