# SPDX-License-Identifier: MIT
"""FastCGI 1.0 as nginx speaks it: one connection a request, a responder, no multiplexing."""
import socket
import struct

BEGIN, END, PARAMS, STDIN, STDOUT, STDERR = 1, 3, 4, 5, 6, 7
MOST = 65535


def record(kind, content=b""):
    return struct.pack("!BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def pairs(parameters):
    """Parameters as name-value pairs; a list of tuples, for a name may come twice."""
    def length(n):
        return bytes([n]) if n < 128 else struct.pack("!I", n | 0x80000000)
    return b"".join(length(len(k)) + length(len(v)) + k + v for k, v in parameters)


class Answer:
    """status, headers (list of pairs), body."""

    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines if ":" in line]
        self.status = int(self.header("Status").split()[0]) if self.header("Status") else 0

    def header(self, name):
        """The first header of that name (any case), or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def __repr__(self):
        lines = [f"{k}: {v}" for k, v in self.headers]
        return "\n".join([*lines, "", self.body[:2000].decode("utf-8", "replace")])


class Exchange:
    """One request whose body a test may feed by hand: begin(), send(), end(), answer() or cut()."""

    def __init__(self, path, parameters, timeout=30):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(path)
        encoded = pairs([(k.encode(), v if isinstance(v, bytes) else v.encode()) for k, v in parameters])
        out = record(BEGIN, struct.pack("!HB5x", 1, 0))
        for at in range(0, len(encoded), MOST):
            out += record(PARAMS, encoded[at:at + MOST])
        self.socket.sendall(out + record(PARAMS))

    def send(self, data):
        for at in range(0, len(data), MOST):
            self.socket.sendall(record(STDIN, data[at:at + MOST]))

    def end(self):
        self.socket.sendall(record(STDIN))

    def answer(self):
        out, stream = b"", self.socket.makefile("rb")
        while True:
            head = stream.read(8)
            if len(head) < 8:
                break
            _, kind, _, length, padding, _ = struct.unpack("!BBHHBB", head)
            content = stream.read(length + padding)[:length]
            if kind == STDOUT:
                out += content
            elif kind == END:
                break
        self.socket.close()
        return Answer(out)

    def cut(self):
        """What nginx does when its client goes: the connection is closed in the middle of the body."""
        self.socket.close()


def request(path, parameters, body=b"", timeout=30):
    exchange = Exchange(path, parameters, timeout)
    try:
        exchange.send(body)
        exchange.end()
    except (BrokenPipeError, ConnectionResetError):
        pass  # answered before the whole body was read
    return exchange.answer()
