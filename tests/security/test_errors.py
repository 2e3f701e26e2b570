# SPDX-License-Identifier: MIT
"""What nginx answers itself: every error of /upload names the tus version, is problem+json, and can be read by a page of an
allowed origin, so that a client in a browser sees the status and when to come again."""
import os
import signal

from hostile import END, ORIGIN, SecurityTest, UID
from support import http
from support.front import Front
from support.tus import PATCH_TYPE, VERSION
from support.wait import wait_until

PATCH = {**VERSION, "Content-Type": PATCH_TYPE, "Upload-Offset": "0"}


class NginxErrors(SecurityTest):
    def assert_complete(self, header, status, body, wanted, origin=ORIGIN):
        self.assertIn(status, wanted, (header("Content-Type"), body))
        self.assertEqual(header("Content-Type"), "application/problem+json")
        self.assertIn(b'"code":', body)
        self.assertEqual(header("Tus-Resumable"), "1.0.0")
        self.assertEqual(header("Access-Control-Allow-Origin"), origin)
        if origin:
            self.assertIn("Tus-Resumable", header("Access-Control-Expose-Headers"))
        if status in (500, 502, 503, 504):
            self.assertTrue(int(header("Retry-After")) > 0)

    def through(self, url, method, path, wanted, body=None, headers=PATCH):
        for origin in (ORIGIN, None, "https://evil.example"):
            sent = {**headers, **({"Origin": origin} if origin else {})}
            answer = http.request(url, method, path, body, sent)
            if origin == "https://evil.example" and answer.status == 403:
                continue  # refused for its origin
            self.assert_complete(answer.headers.get, answer.status, answer.body, wanted, origin if origin == ORIGIN else None)

    def test_00_errors_before_there_is_a_request(self):
        origin = b"Origin: " + ORIGIN.encode() + b"\r\n"
        for request, wanted in (
            (b"PATCH /upload/x HTTP/1.1\r\n" + origin + b"Content-Length: 1\r\nContent-Length: 2\r\n" + END, (400,)),
            (b"PATCH /upload/x HTTP/1.1\r\n" + origin + b"Content-Length: -1\r\n" + END, (400,)),
            (b"POST /upload HTTP/1.1\r\n" + origin + b"Upload-Metadata: " + b"a" * 40_000 + b"\r\n" + END, (400, 431)),
            (b"POST /upload HTTP/1.1\r\n" + origin + b"Transfer-Encoding: gzip\r\n" + END, (501,)),
        ):
            answer = self.raw(request)
            self.assert_complete(answer.header, answer.status, answer.body, wanted)
        long = self.raw(b"PATCH /upload/" + b"x" * 40_000 + b" HTTP/1.1\r\n" + origin + END)
        self.assert_complete(long.header, long.status, long.body, (414,), None)  # its headers were never read

    def test_00_errors_of_limits(self):
        self.through(self.stack.url, "POST", f"/upload/{UID}/load", (413,), b"x" * 70_000,
                     {**VERSION, "Content-Type": "application/json"})

    def test_00_refusals_of_the_pre_check(self):
        location = self.create(10)
        for path, headers, status in ((location, {**PATCH, "Upload-Offset": "5"}, 409), (f"/upload/{UID}", PATCH, 404),
                                      (location, {**PATCH, "Tus-Resumable": "2.0.0"}, 412)):
            self.through(self.stack.url, "PATCH", path, (status,), b"abc", headers)

    def test_00_a_dead_pool(self):
        location = self.create(10)
        self.stack.supervisor.stop("web")
        try:
            for method, body in (("HEAD", None), ("PATCH", b"abc"), ("PATCH", b"x" * (17 << 20)), ("POST", None), ("DELETE", None)):
                if method == "HEAD":
                    answer = http.request(self.stack.url, method, location, None, {**PATCH, "Origin": ORIGIN})
                    self.assert_complete(answer.headers.get, answer.status, b'"code":', (502,))
                else:
                    self.through(self.stack.url, method, location if method != "POST" else "/upload", (500, 502), body)
        finally:
            self.stack.supervisor.start("web")
        self.stack.supervisor.stop("stream")
        try:
            self.through(self.stack.url, "PATCH", location, (502,), iter([b"abc"]), PATCH)
        finally:
            self.stack.supervisor.start("stream")
        self.stack.wait_running()
        self.assertEqual(self.tus.offset(location), 0)

    def test_00_a_pool_that_does_not_answer(self):
        location = self.create(10)
        with Front.beside(self.stack, {"fastcgi_read_timeout 60s": "fastcgi_read_timeout 1s"}) as front:
            pids = list(self.stack.pids("web").values())
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            try:
                self.through(front.url, "DELETE", location, (504,))
                self.through(front.url, "PATCH", location, (500, 504), b"abc")
            finally:
                for pid in pids:
                    os.kill(pid, signal.SIGCONT)
        # The DELETE was only late: its client heard 504 and would ask again.
        wait_until(lambda: self.tus.head(location).status in (404, 410), 30, "the late DELETE has its effect")
