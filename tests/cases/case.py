# SPDX-License-Identifier: MIT
"""Reads and plays *.case files: requests and what must come back, as text.

  # what it shows                      the first line
  = SLUICE_MAX_UPLOAD_BYTES=1000       a setting of the pools, at the top
  > POST /upload                       begins an exchange
  > @tus                               Tus-Resumable: 1.0.0, and the content type of a body
  > @file @stream @chunked @plain @pre the lane (default: as nginx chooses)
  > @cut 5                             send so many bytes of a streamed body, drop the connection, and wait for the request's end
  > Name: value                        a header
  >> text                              a line of the body, without its end; \\n, \\x00 as in Python
  >>> 20000000                         so many bytes as body
  < 201                                the status
  < Name: value                        a header, exactly; {name} takes (or must be) a value without blanks
  < !Name                              absent
  << text                              the body holds it;  << !text  it does not
  <= a.0.b value                       a member of the JSON body, as JSON
  ? SELECT … => value                  first cell of a query;  ? files {uid} => 2, ? content {uid} => text
  ! UPDATE …                           a query whose answer does not matter

In requests and queries: {name}, {hex:name} (a uid without hyphens), {b64:text}, {sha1:text}, {sha256:text}, {md5:text},
{crc32:text} (the digests in base64).
"""
import base64
import hashlib
import json
import re
import uuid
import zlib

from support.wait import wait_until

PATCH_TYPE = "application/offset+octet-stream"


class Mismatch(AssertionError):
    pass


def b64(raw):
    return base64.b64encode(raw).decode()


FUNCTIONS = {
    "b64": lambda text: b64(unescape(text)),
    "sha1": lambda text: b64(hashlib.sha1(unescape(text)).digest()),
    "sha256": lambda text: b64(hashlib.sha256(unescape(text)).digest()),
    "md5": lambda text: b64(hashlib.md5(unescape(text)).digest()),
    "crc32": lambda text: b64(zlib.crc32(unescape(text)).to_bytes(4, "big")),
}


def unescape(text):
    return text.encode().decode("unicode_escape").encode("latin-1") if "\\" in text else text.encode()


class Exchange:
    def __init__(self, line, number):
        self.method, self.target = line.split(" ", 1)
        self.number = number
        self.headers, self.flags, self.body, self.expected = [], {}, None, []


def read(path):
    """(title, settings, steps): a step is an Exchange or a (number, kind, text)."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    if not lines[0].startswith("# "):
        raise Mismatch(f"{path}: the first line says what the case shows")
    settings, steps, exchange = {}, [], None
    for number, line in enumerate(lines[1:], 2):
        if not line.strip() or line.startswith("#"):
            continue
        kind, _, rest = line.partition(" ")
        if kind == "=":
            name, _, value = rest.partition("=")
            settings[name] = value
        elif kind == ">" and rest.startswith("@"):
            for flag in rest.split("@")[1:]:
                name, _, value = flag.strip().partition(" ")
                exchange.flags[name] = value
        elif kind == ">" and re.match(r"[A-Z]+ \S+$", rest):
            exchange = Exchange(rest, number)
            steps.append(exchange)
        elif kind == ">":
            name, _, value = rest.partition(": ")
            exchange.headers.append((name, value))
        elif kind == ">>":
            exchange.body = (exchange.body + b"\n" if exchange.body is not None else b"") + unescape(rest)
        elif kind == ">>>":
            exchange.body = bytes(range(256)) * (int(rest) // 256) + b"x" * (int(rest) % 256)
        elif kind in ("<", "<<", "<="):
            exchange.expected.append((number, kind, rest))
        elif kind in ("?", "!"):
            steps.append((number, kind, rest))
        else:
            raise Mismatch(f"{path}:{number}: {line}")
    return lines[0][2:], settings, steps


class Player:
    def __init__(self, pools):
        self.pools, self.names = pools, {}

    def fill(self, text):
        def value(match):
            inner = match.group(1)
            function, _, argument = inner.partition(":")
            if function in FUNCTIONS:
                return FUNCTIONS[function](argument)
            if function == "hex":
                return self.names[argument].replace("-", "")
            return self.names[inner]
        return re.sub(r"\{([a-z0-9_]+(?::[^{}]*)?)\}", value, text)

    def play(self, steps):
        for step in steps:
            if isinstance(step, Exchange):
                self.exchange(step)
            else:
                self.query(*step)

    def query(self, number, kind, text):
        if kind == "!":
            self.pools.sql(self.fill(text))
            return
        query, _, wanted = text.partition(" => ")
        query = self.fill(query)
        word, _, rest = query.partition(" ")
        if word == "files":
            found = str(self.pools.files(rest))
        elif word == "content":
            found = self.pools.content(rest).decode("latin-1")
            wanted = unescape(wanted).decode("latin-1")
        else:
            found = self.pools.sql(query)
        if found != self.fill(wanted):
            raise Mismatch(f"line {number}: {query} => {found!r}, wanted {wanted!r}")

    def exchange(self, exchange):
        target, flags = self.fill(exchange.target), exchange.flags
        headers = [(name, self.fill(value)) for name, value in exchange.headers]
        if "tus" in flags:
            headers.append(("Tus-Resumable", "1.0.0"))
            if exchange.body is not None and not any(name == "Content-Type" for name, _ in headers):
                headers.append(("Content-Type", PATCH_TYPE))
        lane = next((name for name in ("file", "stream", "chunked", "plain", "pre") if name in flags), None)
        if "cut" in flags:
            self.cut(exchange.method, target, headers, exchange.body, int(flags["cut"]), lane)
            return
        self.check(exchange, self.pools.request(exchange.method, target, headers, exchange.body, lane))

    def cut(self, method, target, headers, body, sent, lane):
        """Nobody gets the answer; the request has ended when its line is in the log. A later PATCH finds what it left."""
        request_id = f"cut-{uuid.uuid4()}"
        running = self.pools.open(method, target, dict(headers), None if lane == "chunked" else len(body), request_id)
        running.send(body[:sent])
        running.cut()
        wait_until(lambda: request_id in self.pools.log(), 30, f"the cut {method} {target} has ended")

    def check(self, exchange, answer):
        for number, kind, wanted in exchange.expected:
            try:
                if kind == "<" and re.fullmatch(r"\d{3}", wanted):
                    self.expect(answer.status == int(wanted), f"status {answer.status}")
                elif kind == "<" and wanted.startswith("!"):
                    self.expect(answer.header(wanted[1:]) is None, f"{wanted[1:]}: {answer.header(wanted[1:])}")
                elif kind == "<":
                    name, _, value = wanted.partition(": ")
                    found = answer.header(name)
                    self.expect(found is not None and self.matches(value, found), f"{name}: {found}")
                elif kind == "<<" and wanted.startswith("!"):
                    self.expect(self.fill(wanted[1:]).encode() not in answer.body, "the body holds it")
                elif kind == "<<":
                    self.expect(self.fill(wanted).encode() in answer.body, "the body does not hold it")
                else:
                    self.member(answer.body, wanted)
            except Mismatch as mismatch:
                raise Mismatch(f"line {number}: wanted {wanted!r}, {mismatch}\n{exchange.method} {exchange.target}\n{answer}") from None

    @staticmethod
    def expect(holds, found):
        if not holds:
            raise Mismatch(found)

    def matches(self, wanted, found):
        """{name}: its value if there is one already, else whatever stands there becomes it."""
        pattern, new = "", []
        for part in re.split(r"(\{[a-z0-9_]+\})", wanted):
            name = part[1:-1]
            if re.fullmatch(r"\{[a-z0-9_]+\}", part) and name not in self.names:
                pattern += rf"(?P<{name}>[^\s/\"]+)"
                new.append(name)
            else:
                pattern += re.escape(self.fill(part))
        match = re.fullmatch(pattern, found)
        if match:
            self.names.update({name: match.group(name) for name in new})
        return match is not None

    def member(self, body, wanted):
        path, _, value = wanted.partition(" ")
        found = json.loads(body)
        for step in path.split("."):
            found = found[int(step)] if isinstance(found, list) else found.get(step)
        text = found if isinstance(found, str) else json.dumps(found)
        if not self.matches(value, text):
            raise Mismatch(f"{path} is {text}")
