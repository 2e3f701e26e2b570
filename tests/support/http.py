# SPDX-License-Identifier: MIT
"""One HTTP request on a connection of its own, with an answer that is easy to assert on."""
import http.client
import json
import urllib.parse


class Response:
    """status (int), reason, headers (case-blind, .get/.get_all), body (bytes), text, json."""

    def __init__(self, status, reason, headers, body):
        self.status, self.reason, self.headers, self.body = status, reason, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.reason} {dict(self.headers)} {self.body[:400]!r}>"


on_answer = []  # called with (method, path, request headers, request body, Response) of every request of this process


def request(base, method, path, body=None, headers=None, timeout=30):
    """Send one request to base ("http://127.0.0.1:1234") and read the whole answer.

    body: bytes, str, an open file, an iterable of bytes (sent chunked), or a dict/list (sent as JSON).
    """
    headers = dict(headers or {})
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    elif isinstance(body, str):
        body = body.encode()
    address = urllib.parse.urlsplit(base)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        response = Response(answer.status, answer.reason, answer.headers, answer.read())
    finally:
        connection.close()
    for listener in on_answer:
        listener(method, path, headers, body, response)
    return response
